using System.Numerics;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Solver.Exact;

/// <summary>
/// The whole numbers of time that a CP-SAT model counts in: steps of ticks x <see cref="Ticks"/> / <see cref="Parts"/>, few enough that the
/// solver's sums cannot overflow.
/// </summary>
/// <remarks>
/// Durations and lags are multiples of their greatest common divisor, so the least makespan is one too. A least span is a mean over a
/// circle of at most p devices, hence a multiple of the divisor's part that 1..p all divide. Where such steps would be too many,
/// durations are rounded down to coarser ones (a relaxation), or a span is left to lie less than a step below the model's.
/// </remarks>
internal sealed class TimeGrid
{
    /// <summary>CP-SAT 9.15 has certified wrong optima where sums passed 2^31.</summary>
    private const long Limit = 1L << 29;

    private readonly int _devices;
    private readonly bool _ofSpan;

    private TimeGrid(long ticks, long parts, bool isExact, Problem problem)
    {
        (Ticks, Parts, DurationsAreExact) = (ticks, parts, isExact);
        (_devices, _ofSpan) = (problem.Devices, problem.Objective == Objective.Span);
    }

    /// <summary>A step is this many ticks ...</summary>
    public long Ticks { get; }

    /// <summary>... divided by this number.</summary>
    public long Parts { get; }

    /// <summary>Whether every duration and lag is a whole number of steps.</summary>
    public bool DurationsAreExact { get; }

    /// <summary>The finest grid that the objectives of interest need and that keeps a horizon small enough.</summary>
    /// <param name="graph">The operations.</param>
    /// <param name="horizon">Ticks that no sum of times of interest exceeds.</param>
    public static TimeGrid For(OperationGraph graph, long horizon)
    {
        var divisor = 0L;
        for (var operation = 0; operation < graph.Count; operation++)
        {
            divisor = Gcd(divisor, graph.Durations[operation]);
            foreach (var (_, lag) in graph.DependenciesOf(operation)) divisor = Gcd(divisor, lag);
        }

        if (horizon / divisor >= Limit) return new TimeGrid(horizon / Limit + 1, 1, isExact: false, graph.Problem);
        var parts = graph.Problem.Objective == Objective.Span ? PartsOf(graph.Problem.Devices, Limit / (horizon / divisor + 1)) : 1;
        return new TimeGrid(divisor, parts, isExact: true, graph.Problem);
    }

    /// <summary>Steps of a duration or lag; rounded down where it is not whole.</summary>
    public long StepsOf(long ticks) => DurationsAreExact ? ticks / Ticks * Parts : ticks / Ticks;

    /// <summary>The largest objective of the model that a schedule of an objective in ticks can have there.</summary>
    public long MostSteps(long objective) => _ofSpan && !ReachesEverySpan
        ? Ceiling((Int128)objective * Parts, Ticks)
        : (long)((Int128)objective * Parts / Ticks);

    /// <summary>The least objective of the model that a bound in ticks leaves; 0 where durations were rounded down.</summary>
    public long LeastSteps(long bound) => DurationsAreExact ? Ceiling((Int128)bound * Parts, Ticks) : 0;

    /// <summary>The bound in ticks that a bound on the model's objective proves, rounded down to a whole tick, or up where the objective is a whole tick itself.</summary>
    public long TicksOf(long steps)
    {
        if (!_ofSpan) return (long)((Int128)steps * Ticks / Parts);
        // Objectives of the span are rounded up to a tick, so what is proved of the exact span may be, too.
        if (ReachesEverySpan) return Ceiling((Int128)steps * Ticks, Parts);
        return Math.Max(0, Ceiling(((Int128)(steps - 1) * _devices + 1) * Ticks, (Int128)Parts * _devices));
    }

    /// <summary>Whether the least span of any order is a whole number of steps.</summary>
    private bool ReachesEverySpan => DurationsAreExact && Enumerable.Range(1, _devices).All(length => Parts % length == 0);

    /// <summary>The least common multiple of 1..p when it is at most a number, else 1.</summary>
    private static long PartsOf(int devices, long most)
    {
        var parts = 1L;
        for (var length = 2; length <= devices; length++)
        {
            parts = parts / Gcd(parts, length) * length;
            if (parts > most) return 1;
        }

        return parts;
    }

    private static long Ceiling(Int128 value, Int128 divisor) => (long)((value + divisor - 1) / divisor);

    private static long Gcd(long first, long second) => (long)BigInteger.GreatestCommonDivisor(first, second);
}
