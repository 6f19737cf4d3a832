using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;

namespace ScheduleSearch.Solver.Tests;

/// <summary>Problems whose families carry out pairs: equal stages on V chunks or on two pipes, with a duration that saves something, or nothing.</summary>
internal static class PairedProblems
{
    public static Problem Next(Random random)
    {
        var devices = 2 * random.Next(1, 4);
        var (forward, input, weight) = (random.Next(1, 6), random.Next(1, 6), random.Next(0, 4));
        var (longer, shorter) = (Math.Max(forward, input + weight), Math.Min(forward, input + weight));
        var (placement, chunks) = random.Chance(50) ? ("v", 2) : ("bidirectional", random.Next(1, 3));
        var profile = Shape.Profile(
            devices, 2 * random.Next(devices, 2 * devices), chunks, placement, forward, input, weight, communication: random.Next(2)) with
        {
            Overlap = new() { Duration = longer + shorter * random.Next(0, 5) / 4m },
        };
        return Problem.Create(profile, random.Pick(Enum.GetValues<Objective>()), splitBackward: random.Chance(75));
    }
}
