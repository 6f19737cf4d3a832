using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;

namespace ScheduleSearch.Core.Tests.Instructions;

/// <summary>Published schedules, replayed: for p=4, m=8 and unit times unless a test names another problem.</summary>
internal static class Worked
{
    public static Timeline Of(string family, string placement = "linear", int chunks = 1, Objective objective = Objective.Makespan, string? profileName = null)
    {
        var profile = Shape.Profile(devices: 4, microbatches: 8, chunks, placement) with { Name = profileName };
        return Of(family, Problem.Create(profile, objective));
    }

    public static Timeline Of(string family, Problem problem) =>
        Replay.Run(FamilyCatalogue.Find(family)!.ScheduleOf(problem));
}
