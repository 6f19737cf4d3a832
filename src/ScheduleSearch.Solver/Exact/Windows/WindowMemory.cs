using System.Numerics;
using Google.OrTools.Sat;
using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Exact.Windows;

/// <summary>
/// The memory of one lane within a window. Every holding lasts from the start of the operation that takes it, or from the window's start, to the
/// end of the one that frees it, or to the window's end.
/// </summary>
/// <remarks>
/// The same operations leave the window as entered it, so memory after it stays what it was. Operations of no duration may stand at one
/// time in an order that holds more than the model sees: an order has to be checked.
/// </remarks>
internal sealed class WindowMemory(WindowModel model, SearchGraph graph, int lane)
{
    private readonly Window _window = model.Window;

    public void Add()
    {
        var limit = graph.Limit[lane];
        if (limit == long.MaxValue) return;
        var holdings = graph.HoldingsOn(lane).ToList();
        if (holdings.Sum(holding => holding.Units * holding.From.Length) <= limit) return;
        foreach (var holding in holdings) AddOrder(holding, limit);
        // One part of equal size for all: the order of those that take and those that free says it all.
        if (holdings.Count > 1) AddResidencies(holdings, limit);
    }

    /// <summary>
    /// Implied by the limit on one chain alone: when an operation takes memory, those before it in the chain whose part is not freed hold it, and
    /// all that is held at least as long.
    /// </summary>
    private void AddOrder(HoldingChain holding, long limit)
    {
        var (taken, freed) = (holding.From, holding.To);
        // Itself in full, and as many others as fit beside it.
        var others = (limit - holding.Taken) / holding.HeldAsLong;
        for (var turn = (int)Math.Min(others, taken.Length) + 1; turn < taken.Length; turn++)
        {
            if (_window.PlaceOf(freed[turn - (int)others - 1]) is { } earlier && _window.PlaceOf(taken[turn]) is { } later) model.Precede(earlier, later);
        }
    }

    private void AddResidencies(List<HoldingChain> holdings, long limit)
    {
        var residencies = new List<(int? Taken, int? Freed, long Units)>();
        foreach (var holding in holdings)
        {
            for (var turn = 0; turn < holding.From.Length; turn++)
            {
                if (IsBefore(holding.To[turn])) continue;
                var (from, to) = (_window.PlaceOf(holding.From[turn]), _window.PlaceOf(holding.To[turn]));
                var isHeld = IsBefore(holding.From[turn]);
                if (from is null && !isHeld) break;
                if (isHeld && to is null) limit -= holding.Units;
                else residencies.Add((from, to, holding.Units));
            }
        }

        if (residencies.Sum(residency => residency.Units) <= limit) return;
        var divisor = residencies.Aggregate(0L, (divisor, residency) => (long)BigInteger.GreatestCommonDivisor(divisor, residency.Units));
        var cumulative = model.Model.AddCumulative(limit / divisor);
        foreach (var (taken, freed, units) in residencies) cumulative.AddDemand(Residency(taken, freed), units / divisor);
    }

    /// <summary>Whether an operation comes before the window.</summary>
    private bool IsBefore(int operation)
    {
        var chain = graph.Chain[operation];
        var done = _window.Done[chain];
        return done == graph.Chains[chain].Length || graph.Rank[operation] < graph.Rank[graph.Chains[chain][done]];
    }

    /// <summary>From the start of an operation, or the window's, to the end of another, or the window's.</summary>
    private IntervalVar Residency(int? taken, int? freed)
    {
        var (steps, last) = (model.Steps, model.Steps.Horizon);
        var (from, to) = (taken is { } first ? steps.Starts[first] : 0, freed is { } end ? steps.Starts[end] + steps.Duration[end] : last);
        var length = model.Model.NewIntVar(0, last, "");
        model.Model.AddHint(length, to - from);
        return model.Model.NewIntervalVar(
            taken is { } start ? model.Starts[start] : LinearExpr.Constant(0), length, freed is { } after ? model.EndOf(after) : LinearExpr.Constant(last), "");
    }
}
