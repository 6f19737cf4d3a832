using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Storage;

/// <summary>What a client submits: a problem, or the choice of a placement, which has no schedule of its own and points to problems.</summary>
/// <param name="Id">The id of either.</param>
/// <param name="Placement">The name of the placement.</param>
/// <param name="Profile">The profile as it was given.</param>
/// <param name="Options">Objective, noise, splitBackward, family and what may be chosen: no budget.</param>
internal sealed record Submission(string Id, string Placement, Profile Profile, SolveOptions Options)
{
    /// <summary>What is asked of a problem, unless a placement is to be chosen.</summary>
    public AskedSchedule? Asked { get; private init; }

    /// <summary>The ids of what is searched: of the choice and the problems that it points to, or of the problem.</summary>
    public IReadOnlyList<string> Ids { get; private init; } = [Id];

    /// <summary>What it has in common with problems that differ in nothing but memory's limit; null where no schedule is searched of its own.</summary>
    public string? Kin => Asked is { IsSearched: true } asked ? asked.Problem.KinId : null;

    /// <summary>Whether it is somebody's own order, which is kept and never searched.</summary>
    public bool IsOwnOrder => Asked is { IsOwnOrder: true };

    /// <summary>The same without the profile's name, which is no part of what is searched.</summary>
    public Submission Nameless() => this with { Profile = Profile with { Name = null } };

    public static Submission Of(AskedSchedule asked) => new(
        asked.Id,
        asked.Problem.Placement.Name,
        asked.Problem.Profile,
        SolveOptions.Of(asked.Problem) with { Family = asked.Family })
    {
        Asked = asked,
    };

    /// <summary>The search of a problem's best schedule.</summary>
    public static Submission Of(Problem problem) => Of(new AskedSchedule(problem));

    public static Submission Of(PlacementChoice choice) => new(
        choice.Id,
        PlacementChoice.Name,
        choice.Profile,
        new SolveOptions
        {
            Objective = choice.Objective,
            SplitBackward = choice.SplitBackward,
            Formats = choice.Scope.Formats is { IsEmpty: false } formats ? formats : null,
            Runtime = choice.Scope.Runtime,
            Placements = choice.Scope.Placements is { IsEmpty: false } placements ? placements : null,
        })
    {
        Ids = [choice.Id, .. choice.Problems.Select(problem => problem.Id)],
    };
}
