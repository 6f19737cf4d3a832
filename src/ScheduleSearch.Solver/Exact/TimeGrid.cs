using System.Numerics;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Solver.Exact;

/// <summary>
/// The whole numbers of time that a CP-SAT model counts in: steps of <see cref="Ticks"/> / <see cref="Parts"/> ticks, few enough that the
/// solver's sums cannot overflow.
/// </summary>
/// <remarks>
/// Durations and lags are multiples of their greatest common divisor, so the least makespan is one too. A least span is the mean over a
/// circle of devices, so it lies on a grid of the divisor's halves, thirds ... or p-th parts. Models that step by the divisor itself have
/// spans less than a step above the least one. Where steps of the divisor would be too many, durations are rounded down: a relaxation.
/// </remarks>
internal sealed class TimeGrid
{
    /// <summary>CP-SAT 9.15 has certified wrong optima where sums passed 2^31.</summary>
    private const long Limit = 1L << 29;

    private readonly Problem _problem;
    private readonly int _devices;
    private readonly bool _ofSpan;

    private TimeGrid(long ticks, long parts, bool isExact, Problem problem)
    {
        (Ticks, Parts, DurationsAreExact) = (ticks, parts, isExact);
        (_problem, _devices, _ofSpan) = (problem, problem.Devices, problem.Objective == Objective.Span);
    }

    /// <summary>A step is this many ticks ...</summary>
    public long Ticks { get; }

    /// <summary>... divided by this number.</summary>
    public long Parts { get; }

    /// <summary>Whether every duration and lag is a whole number of steps.</summary>
    public bool DurationsAreExact { get; }

    /// <summary>The coarsest grid that holds every duration and lag, or one coarse enough for a horizon.</summary>
    /// <param name="graph">The operations.</param>
    /// <param name="horizon">Ticks that no sum of times of interest exceeds.</param>
    public static TimeGrid For(OperationGraph graph, long horizon)
    {
        var divisor = 0L;
        for (var operation = 0; operation < graph.Count; operation++)
        {
            divisor = Gcd(Gcd(divisor, graph.Durations[operation]), Gcd(graph.Heads[operation], graph.Tails[operation]));
            foreach (var (_, lag) in graph.DependenciesOf(operation)) divisor = Gcd(divisor, lag);
        }

        return horizon / divisor < Limit
            ? new TimeGrid(divisor, 1, isExact: true, graph.Problem)
            : new TimeGrid(horizon / Limit + 1, 1, isExact: false, graph.Problem);
    }

    /// <summary>
    /// Grids on which every span of an order that lies between two steps lies on a step of one of them. Circles of up to p devices give
    /// means in parts of 1 to p, each a divisor of one number above p / 2. None when no span lies between two steps or the grids are too fine.
    /// </summary>
    public IReadOnlyList<TimeGrid> Refined(long horizon) => _ofSpan && DurationsAreExact && _devices > 1 && horizon / Ticks * _devices < Limit
        ? [.. Enumerable.Range(_devices / 2 + 1, _devices - _devices / 2).Select(parts => new TimeGrid(Ticks, parts, isExact: true, _problem))]
        : [];

    /// <summary>Steps of a duration or lag; rounded down where it is not whole.</summary>
    public long StepsOf(long ticks) => DurationsAreExact ? ticks / Ticks * Parts : ticks / Ticks;

    /// <summary>The largest objective of the model that an order of an objective in ticks can have there.</summary>
    public long MostSteps(long objective) => _ofSpan ? Ceiling((Int128)objective * Parts, Ticks) : objective / Ticks;

    /// <summary>The largest objective of the model that is below an objective in ticks by a tick or more.</summary>
    public long StepsBelow(long objective) => (long)((Int128)(objective - 1) * Parts / Ticks);

    /// <summary>The least objective of the model that a bound in ticks leaves; 0 where durations were rounded down.</summary>
    public long LeastSteps(long bound) => DurationsAreExact ? Ceiling((Int128)bound * Parts, Ticks) : 0;

    /// <summary>The steps that must lie between two times of the model when so many ticks lie between them, whatever was rounded down.</summary>
    public long StepsWithin(long ticks) => (long)((Int128)ticks * Parts / Ticks);

    /// <summary>The objective, a whole tick, of an order that lies on a step.</summary>
    public long TicksOf(long steps) => Ceiling((Int128)steps * Ticks, Parts);

    /// <summary>
    /// The bound in ticks that a bound on the model's objective proves: for the span, the next lower step is out of reach, and above it come
    /// parts of 1 / p.
    /// </summary>
    public long BoundOf(long steps) =>
        _ofSpan ? Math.Max(0, Ceiling(((Int128)(steps - 1) * _devices + 1) * Ticks, (Int128)Parts * _devices)) : steps * Ticks;

    private static long Ceiling(Int128 value, Int128 divisor) => (long)((value + divisor - 1) / divisor);

    private static long Gcd(long first, long second) => (long)BigInteger.GreatestCommonDivisor(first, second);
}
