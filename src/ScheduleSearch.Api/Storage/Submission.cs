using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Storage;

/// <summary>What a client submits: a problem, or the choice of a placement, which has no schedule of its own and points to problems.</summary>
/// <param name="Id">The id of either.</param>
/// <param name="Placement">The name of the placement.</param>
/// <param name="Profile">The profile as it was given.</param>
/// <param name="Options">Objective, splitBackward and family: no budget.</param>
internal sealed record Submission(string Id, string Placement, Profile Profile, SolveOptions Options)
{
    /// <summary>The problem, unless a placement is to be chosen.</summary>
    public Problem? Problem { get; private init; }

    public static Submission Of(Problem problem) => new(
        problem.Id,
        problem.Placement.Name,
        problem.Profile,
        new SolveOptions { Objective = problem.Objective, SplitBackward = problem.SplitBackward, Family = problem.Family })
    {
        Problem = problem,
    };

    public static Submission Of(PlacementChoice choice) => new(
        choice.Id,
        PlacementChoice.Name,
        choice.Profile,
        new SolveOptions { Objective = choice.Objective, SplitBackward = choice.SplitBackward });
}
