using System.Collections.Immutable;

namespace ScheduleSearch.Core.Profiles;

/// <summary>
/// Ticks and memory units of one microbatch on each stage. Where a scale cannot hold every digit, times are rounded to the nearest tick and needs of
/// memory up: a schedule that fits the units fits the profile.
/// </summary>
internal sealed class StageCosts
{
    public StageCosts(Problem problem)
    {
        var (times, memory) = (problem.Times, problem.Profile.Memory);
        Forward = problem.TicksOf(times.Forward);
        BackwardInput = Trained(problem, problem.TicksOf(times.BackwardInput));
        BackwardWeight = Trained(problem, problem.TicksOf(times.BackwardWeight));
        Activation = problem.UnitsOf(memory?.Activation ?? 0);
        Retained = Trained(problem, memory?.Retained is { } retained ? [.. problem.UnitsOf(retained).Zip(Activation, Math.Min)] : Activation);
        Weights = problem.UnitsOf(memory?.Weights ?? 0);
    }

    /// <summary>Ticks of a forward.</summary>
    public ImmutableArray<long> Forward { get; }

    /// <summary>Ticks of an input gradient.</summary>
    public ImmutableArray<long> BackwardInput { get; }

    /// <summary>Ticks of a weight gradient.</summary>
    public ImmutableArray<long> BackwardWeight { get; }

    /// <summary>Memory units that a forward takes.</summary>
    public ImmutableArray<long> Activation { get; }

    /// <summary>The part of the activation that lives until the weight gradient ends.</summary>
    public ImmutableArray<long> Retained { get; }

    /// <summary>Memory units of the stage's weights, gradients and optimizer state.</summary>
    public ImmutableArray<long> Weights { get; }

    /// <summary>The amounts of the stages that have a backward, and 0 of the others.</summary>
    private static ImmutableArray<long> Trained(Problem problem, ImmutableArray<long> amounts) =>
        [.. amounts.Select((amount, stage) => problem.HasBackward(stage) ? amount : 0)];
}
