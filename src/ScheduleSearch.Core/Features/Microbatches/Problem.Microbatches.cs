using System.Collections.Immutable;
using ScheduleSearch.Core.Features.Microbatches;
using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Profiles;

public sealed partial class Problem
{
    private MicrobatchFactors? _factors;

    /// <summary>Whether some microbatch takes other times or memory than what is stated for a stage.</summary>
    public bool HasUnequalMicrobatches => Factors.AreUnequal;

    internal MicrobatchFactors Factors => _factors ??= new MicrobatchFactors(Profile);

    /// <summary>
    /// Ticks that an operation takes where that of a microbatch of factor 1 takes so many. Messages, updates and what is of no microbatch take no longer for a
    /// larger one; a pair's time is that of its two microbatches.
    /// </summary>
    public long ScaledTicks(Operation operation, long ticks)
    {
        if (operation.Facts.Role is OperationRole.Message or OperationRole.Update || !operation.Facts.IsOfMicrobatch || operation.BeginsPair) return ticks;
        return operation.Facts.RunsUpward ? TicksUpward(operation.Microbatch, ticks) : TicksDownward(operation.Microbatch, ticks);
    }

    /// <summary>Ticks that forwards of a microbatch take, and what runs upward with them, where those of one of factor 1 take so many.</summary>
    public long TicksUpward(int microbatch, long ticks) => HasUnequalMicrobatches ? ticks / MicrobatchFactors.One * Factors.Forward[microbatch] : ticks;

    /// <summary>Ticks that gradients of a microbatch take, and what runs downward with them, where those of one of factor 1 take so many.</summary>
    public long TicksDownward(int microbatch, long ticks) => HasUnequalMicrobatches ? ticks / MicrobatchFactors.One * Factors.Backward[microbatch] : ticks;

    /// <summary>Ticks that all stages together work for a microbatch, without what features add.</summary>
    public long TicksOf(int microbatch) =>
        TicksUpward(microbatch, Forward.Sum()) + TicksDownward(microbatch, BackwardInput.Sum() + BackwardWeight.Sum());

    /// <summary>Whether two microbatches take the same times and memory.</summary>
    public bool AreAlike(int one, int other) => Factors.Forward[one] == Factors.Forward[other] && Factors.Backward[one] == Factors.Backward[other]
        && Factors.Activation[one] == Factors.Activation[other];

    /// <summary>Memory units that a microbatch holds where one of factor 1 holds so many.</summary>
    public long ScaledUnits(int microbatch, long units) => HasUnequalMicrobatches ? units / MicrobatchFactors.One * Factors.Activation[microbatch] : units;

    /// <summary>Memory units that the largest microbatch holds where one of factor 1 holds so many.</summary>
    internal long MostUnits(long units) => HasUnequalMicrobatches ? units / MicrobatchFactors.One * Factors.Activation.Max() : units;

    /// <summary>The multiple that ticks and units are rounded to which factors scale.</summary>
    private long Grain => HasUnequalMicrobatches ? MicrobatchFactors.One : 1;

    /// <summary>The problem whose microbatch k is a microbatch of this one, by k: the same but for their numbers.</summary>
    /// <param name="order">The numbers of all microbatches of this problem.</param>
    public Problem Entering(IReadOnlyList<int> order)
    {
        if (Profile.MicrobatchScale is not { } scale) return this;
        var entering = new MicrobatchScale { Forward = InOrder(scale.Forward), Backward = InOrder(scale.Backward), Activation = InOrder(scale.Activation) };
        return new Problem(Profile with { MicrobatchScale = entering }, Objective, SplitBackward, Catalogue);

        ImmutableArray<decimal>? InOrder(ImmutableArray<decimal>? factors) => factors is { } given ? [.. order.Select(microbatch => given[microbatch])] : null;
    }
}
