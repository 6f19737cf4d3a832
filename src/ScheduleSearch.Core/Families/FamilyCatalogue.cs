using ScheduleSearch.Core.Families.BuildingBlocks;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>Every schedule family there is: a new one is a new file and a line here.</summary>
public static class FamilyCatalogue
{
    /// <summary>The families, in the order in which they are listed.</summary>
    public static IReadOnlyList<IScheduleFamily> All { get; } =
    [
        new GPipe(),
        new OneForwardOneBackward(),
        new EagerOneForwardOneBackward(),
        new InterleavedOneForwardOneBackward(),
        new ZeroBubbleH1(),
        new ZeroBubbleH2(),
        new ZeroBubbleAuto(),
        new ZeroBubbleV(),
        new ZeroBubbleVAuto(),
        new VMin(),
        new VHalf(),
        new BlockFamily("v"),
        new BlockFamily("linear"),
    ];

    /// <summary>The families defined on a problem's placement whose conditions it meets.</summary>
    public static IEnumerable<IScheduleFamily> Admitted(Problem problem) =>
        All.Where(family => WhyNot(family, problem) is null);

    /// <summary>Why a problem does not admit a family; null when it does.</summary>
    public static string? WhyNot(IScheduleFamily family, Problem problem)
    {
        if (family.Placement != problem.Placement.Name) return $"Is defined on the placement {family.Placement}.";
        if (family.SplitsBackward && !problem.SplitBackward) return "Splits the backward, which splitBackward: false rules out.";
        if (!problem.IsWhole) return "Knows neither slices nor recomputing: leave profile.slices and profile.recompute out.";
        return family.BrokenCondition(problem);
    }
}
