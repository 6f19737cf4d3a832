using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Overlap;

/// <summary>
/// A forward and a whole backward of another microbatch are carried out together on one device in less than the time of both. The two start when
/// both could: the forward, whose duration is the pair's, waits for all that the backward waits for, and the backward, which takes no time of its
/// own, for the forward. Schedules may hold pairs whether or not a profile gives them a time of their own.
/// </summary>
public sealed class OverlapFeature : IOperationFeature, IRuledFeature, IOrderedFeature, ICostedFeature, IPermittingFeature
{
    /// <summary>The name of the feature.</summary>
    public const string Id = "overlap";

    /// <inheritdoc/>
    public string Name => Id;

    /// <inheritdoc/>
    public string Member => "profile.overlap";

    /// <inheritdoc/>
    public IProfileSection Section { get; } = new OverlapSection();

    /// <summary>Pairs are only made where that is better.</summary>
    public bool TakesEveryOrder => true;

    /// <inheritdoc/>
    public bool IsUsedBy(Problem problem) => problem.HasPairTimes;

    /// <inheritdoc/>
    public bool IsPartOf(Problem problem, OperationSelection selection) => selection.Pairs.Count > 0;

    /// <inheritdoc/>
    public void Attach(OperationGraphBuilder builder)
    {
        var (problem, pairs) = (builder.Problem, builder.Selection.Pairs);
        builder.Recast = (operation, duration) =>
        {
            if (operation.Kind == OperationKind.Forward && operation.InPair(PlaceInPair.First) is var first && pairs.TryGetValue(first, out var second))
                return (first, problem.PairTime(first, second));
            return operation.Kind == OperationKind.Backward && operation.InPair(PlaceInPair.Second) is var paired && builder.Selection.IsPaired(paired)
                ? (paired, 0)
                : (operation, duration);
        };
    }

    /// <inheritdoc/>
    public void Finish(OperationGraphBuilder builder)
    {
        var waits = builder.Waits();
        foreach (var (first, second) in builder.Selection.Pairs)
        {
            if (builder.IndexOf(first) is not (>= 0 and var forward) || builder.IndexOf(second) is not (>= 0 and var backward)) continue;
            foreach (var edge in waits[backward]) builder.Depend(forward, edge.From, edge.Lag);
            builder.Depend(backward, forward);
        }

        builder.Sort();
    }

    /// <summary>Pairs of what stands side by side. An order that speaks of pairs has those that it wants.</summary>
    public IReadOnlyList<IReadOnlyList<Operation>> Improve(Problem problem, IReadOnlyList<IReadOnlyList<Operation>> orders) =>
        orders.Any(order => order.Any(operation => operation.BeginsPair)) ? orders : SideBySide.Paired(problem, orders);

    /// <inheritdoc/>
    public long SavedOfForward(Problem problem, int pipe, int stage) => problem.OverlapCosts.MostGain(pipe, stage);

    /// <summary>Of every problem: any order may have pairs, which save nothing where the profile states no times of them.</summary>
    public ScheduleRules? RulesOf(Problem problem) => new OverlapRules(problem);
}
