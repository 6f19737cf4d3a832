using System.Collections.Immutable;

namespace ScheduleSearch.Core.Profiles;

/// <summary>Ticks and memory units of each slice of a microbatch, by stage and slice: whole numbers that add up to those of the microbatch.</summary>
internal sealed class SliceCosts
{
    public SliceCosts(Problem problem)
    {
        var cut = problem.Catalogue.All.OfType<ISlicingFeature>().Select(feature => feature.CutOf(problem.Profile)).FirstOrDefault(cut => cut is not null);
        Shares = cut?.Shares ?? SliceShares.Whole;
        KeyValue = problem.UnitsOf(cut?.KeyValue ?? 0);
        Forward = Cut(problem.Forward, Shares.Forward);
        BackwardInput = Cut(problem.BackwardInput, Shares.Backward);
        BackwardWeight = Cut(problem.BackwardWeight, Shares.Backward);
        Activation = Cut(problem.Activation, Shares.Activation);
        Retained = Cut(problem.Retained, Shares.Activation);
    }

    /// <summary>What each slice has of the whole.</summary>
    public SliceShares Shares { get; }

    /// <summary>Memory units of a slice's keys and values, by stage.</summary>
    public ImmutableArray<long> KeyValue { get; }

    /// <summary>Ticks of a forward.</summary>
    public ImmutableArray<long>[] Forward { get; }

    /// <summary>Ticks of an input gradient.</summary>
    public ImmutableArray<long>[] BackwardInput { get; }

    /// <summary>Ticks of a weight gradient.</summary>
    public ImmutableArray<long>[] BackwardWeight { get; }

    /// <summary>Memory units of an activation, without keys and values.</summary>
    public ImmutableArray<long>[] Activation { get; }

    /// <summary>The part of the activation that lives until the weight gradient ends.</summary>
    public ImmutableArray<long>[] Retained { get; }

    private static ImmutableArray<long>[] Cut(ImmutableArray<long> amounts, ImmutableArray<decimal> shares) =>
        [.. amounts.Select(amount => SliceShares.Cut(amount, shares))];
}
