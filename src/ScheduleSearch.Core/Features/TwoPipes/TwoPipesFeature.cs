using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.TwoPipes;

/// <summary>Microbatches run down one of several routes, each through a replica of the weights of its own.</summary>
public sealed class TwoPipesFeature : IRuledFeature, ICarriedFeature, IUncountedFeature
{
    /// <summary>The name of the feature.</summary>
    public const string Id = "two-pipes";

    /// <inheritdoc/>
    public string Name => Id;

    /// <inheritdoc/>
    public string Member => "profile.pipeline.placement";

    /// <inheritdoc/>
    public bool IsUsedBy(Problem problem) => problem.Placement.Pipes > 1;

    /// <inheritdoc/>
    public FormatRefusal WhyNotCarried(string part) => new(
        $"$.{Member}",
        $"{part} names a stage and no pipe, so a schedule of two pipes cannot be told to it.",
        "Use a placement of one pipe, or the format native.");

    /// <inheritdoc/>
    public ScheduleRules? RulesOf(Problem problem) => IsUsedBy(problem) ? new TwoPipesRules(problem) : null;

    /// <inheritdoc/>
    public string? Uncounted(Problem problem)
    {
        var links = Enumerable.Range(0, problem.Stages).Where(problem.HasBackward).Select(stage => ReplicaSums.OwnersOf(problem.Placement, stage))
            .Where(ranks => ranks.First != ranks.Second).ToList();
        if (links.Count == 0) return null;
        var latency = problem.Profile.Times.Communication.Latency;
        var slowest = links.MaxBy(SlowestWay);
        var time = SlowestWay(slowest);
        var (one, other) = (Math.Min(slowest.First, slowest.Second), Math.Max(slowest.First, slowest.Second));
        return "The sums of the gradients of each stage's two replicas, before the optimizer's step: each sends its gradients to the other, the farthest "
            + FormattableString.Invariant($"between ranks {one} and {other}, {time} {problem.Profile.Times.Unit} one way.");

        decimal SlowestWay((int First, int Second) ranks) => Math.Max(latency[ranks.First, ranks.Second], latency[ranks.Second, ranks.First]);
    }
}
