using System.Globalization;
using ScheduleSearch.Core.Families.BuildingBlocks;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>Every schedule family there is: a new one is a new file and a line here.</summary>
public static class FamilyCatalogue
{
    /// <summary>
    /// The families, in the order in which they are listed and tried: of those that reach the same objective the first one leads, so what holds less memory
    /// stands first.
    /// </summary>
    public static IReadOnlyList<IScheduleFamily> All { get; } =
    [
        new OneForwardOneBackward(),
        new EagerOneForwardOneBackward(),
        new GPipe(),
        new GPipe(reversed: true),
        new TwoStageBackpropagation(new GPipe()),
        new TwoStageBackpropagation(new OneForwardOneBackward()),
        new InterleavedOneForwardOneBackward(),
        new BreadthFirst(),
        new GroupedInterleaving(),
        new GroupedInterleaving(half: true),
        new ZeroPipelineLike(),
        new Hanayo(),
        new ZeroBubbleH1(),
        new ZeroBubbleH2(),
        new ZeroBubbleAuto(),
        new ZeroBubbleV(),
        new ZeroBubbleVAuto(),
        new VMin(),
        new VHalf(),
        new VZeroBubble(),
        new BlockFamily("v"),
        new BlockFamily("linear"),
        new GPipeRematerialization(),
        new SequenceOneForwardOneBackward(),
        new Chimera(),
        new BitPipe(),
        new DualPipe(),
        new DualPipeV(),
        new VocabularyOneForwardOneBackward(),
        new VocabularyInterlaced(),
        new VocabularyVHalf(),
    ];

    /// <summary>The family of a name, which may end in a parameter, as in <c>gis-6</c>; null when there is none.</summary>
    public static IScheduleFamily? Find(string name)
    {
        if (All.FirstOrDefault(family => family.Name == name) is { } exact) return exact;
        var dash = name.LastIndexOf('-');
        if (dash < 0 || !int.TryParse(name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var parameter) || parameter < 1) return null;
        return All.FirstOrDefault(family => family.Parameter is not null && family.Name == name[..dash])?.WithParameter(parameter);
    }

    /// <summary>The families defined on a problem's placement whose conditions it meets.</summary>
    public static IEnumerable<IScheduleFamily> Admitted(Problem problem) =>
        All.Where(family => WhyNot(family, problem) is null);

    /// <summary>Why a problem does not admit a family; null when it does.</summary>
    public static string? WhyNot(IScheduleFamily family, Problem problem)
    {
        if (family.Placement != problem.Placement.Name) return $"Is defined on the placement {family.Placement}.";
        if (family.SplitsBackward && !problem.SplitBackward) return "Splits the backward, which splitBackward: false rules out.";
        foreach (var feature in problem.Features)
        {
            if (family.Covers.Contains(feature) || feature is IOrderedFeature { TakesEveryOrder: true }) continue;
            return feature is IOrderedFeature ordered ? ordered.WhyNotOrdered : Coverage.WhyNot(feature);
        }

        return family.BrokenCondition(problem);
    }
}
