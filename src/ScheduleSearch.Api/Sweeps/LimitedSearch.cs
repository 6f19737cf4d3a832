using System.Numerics;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Sweeps;

/// <summary>What is searched at a limit: a problem, or the choice between several.</summary>
internal sealed class LimitedSearch
{
    private readonly Lazy<decimal> _bound;

    private LimitedSearch(Submission submission, IReadOnlyList<Problem> problems, DecimalScale scale, bool isAll, Func<decimal> bound)
    {
        (Submission, Problems, Scale, IsAll) = (submission, problems, scale, isAll);
        _bound = new(bound);
    }

    /// <summary>As it is searched.</summary>
    public Submission Submission { get; }

    /// <summary>The problem, or those of the alternatives that fit the limit.</summary>
    public IReadOnlyList<Problem> Problems { get; }

    /// <summary>The scale on which what any of them holds is whole.</summary>
    public DecimalScale Scale { get; }

    /// <summary>Whether there are no ways beside these problems, so that a limit at which none of them fits is too little.</summary>
    public bool IsAll { get; }

    /// <summary>What no schedule at this limit is better than, of whatever way, by bounds in closed form.</summary>
    public decimal Bound => _bound.Value;

    /// <summary>The search of a problem.</summary>
    public static LimitedSearch Of(Problem problem) => new(
        Submission.Of(problem), [problem], problem.MemoryScale, isAll: true, () => problem.TimeScale.FromTicks(BoundCatalogue.Best(problem).Ticks));

    /// <summary>The search of a choice.</summary>
    public static LimitedSearch Of(PlacementChoice choice) => new(
        Submission.Of(choice),
        [.. choice.Problems],
        choice.MemoryScale,
        choice.Alternatives.All(alternative => alternative.Relaxed is null),
        () => BoundOf(new BoundedChoice(choice)));

    /// <summary>The least limit at which any order of a problem fits, in units of the scale; 0 where there are ways that are no problem here.</summary>
    public long Least() => IsAll ? Problems.Min(problem => Scale.ToTicksBelow(problem.MemoryScale.FromTicks(LeastOf(problem)))) : 0;

    /// <summary>What the needs of devices are multiples of, in units of the scale. Where more is held than activations, every unit counts.</summary>
    public long Step()
    {
        if (!IsAll) return 1;
        var step = BigInteger.Zero;
        foreach (var problem in Problems)
            step = BigInteger.GreatestCommonDivisor(step, Scale.ToTicksBelow(problem.MemoryScale.FromTicks(StepOf(problem))));
        return Math.Max(1, (long)step);
    }

    private static decimal BoundOf(BoundedChoice choice)
    {
        var least = choice.Alternatives.Where(alternative => alternative.Alternative.Problem is not null).Min(alternative => alternative.LeastBound.Time);
        return choice.Untried is { } untried ? Math.Min(least, untried.Time) : least;
    }

    private static long LeastOf(Problem problem) => Enumerable.Range(0, problem.Placement.Pipes)
        .Min(pipe => Enumerable.Range(0, problem.Devices).Max(device => problem.LeastMemory(device, pipe)));

    private static long StepOf(Problem problem)
    {
        if (!problem.Features.IsEmpty) return 1;
        var graph = OperationGraph.Build(problem);
        var step = BigInteger.Zero;
        foreach (var units in graph.Acquired) step = BigInteger.GreatestCommonDivisor(step, units);
        foreach (var units in graph.Released) step = BigInteger.GreatestCommonDivisor(step, units);
        return Math.Max(1, (long)step);
    }
}
