using System.Numerics;
using Google.OrTools.Sat;
using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Exact.Windows;

/// <summary>
/// The memory of one lane within a window. Every activation is held from the start of its forward, or from the window's start, to the end
/// of what frees it, or to the window's end, in two parts where the weight gradient frees the rest.
/// </summary>
/// <remarks>
/// The same operations leave the window as entered it, so memory behind it stays what it was. Operations of no duration may stand at one
/// time in an order that holds more than the model sees: an order has to be checked.
/// </remarks>
internal sealed class WindowMemory(WindowModel model, SearchGraph graph, int lane)
{
    private readonly Window _window = model.Window;

    /// <summary>A part of a stage's activations: taken by one chain, freed by another.</summary>
    private readonly record struct Part(int Taken, int Freed, long Units);

    public void Add()
    {
        var limit = graph.Limit[lane];
        if (limit == long.MaxValue) return;
        var parts = Parts().ToList();
        if (parts.Sum(part => part.Units * graph.Chains[part.Taken].Length) <= limit) return;
        foreach (var stage in parts.GroupBy(part => part.Taken)) AddOrder([.. stage], limit);
        // One part of equal size for all: the order of forwards and frees says it all.
        if (parts.Count > 1) AddResidencies(parts, limit);
    }

    private IEnumerable<Part> Parts() =>
        from taken in graph.LaneChains[lane]
        where graph.Acquired[graph.Chains[taken][0]] > 0
        from freed in graph.LaneChains[lane]
        where graph.ChainStage[freed] == graph.ChainStage[taken] && graph.ChainPipe[freed] == graph.ChainPipe[taken] && graph.Released[graph.Chains[freed][0]] > 0
        select new Part(taken, freed, graph.Released[graph.Chains[freed][0]]);

    /// <summary>Implied by the limit on one stage alone: when a forward starts, those microbatches whose part n is not freed hold their parts n and later.</summary>
    private void AddOrder(Part[] parts, long limit)
    {
        var whole = parts.Sum(part => part.Units);
        for (var index = 0; index < parts.Length; index++)
        {
            var (taken, freed) = (graph.Chains[parts[index].Taken], graph.Chains[parts[index].Freed]);
            // Itself in full, and as many others as fit beside it.
            var others = (limit - whole) / parts.Skip(index).Sum(later => later.Units);
            for (var microbatch = (int)Math.Min(others, taken.Length) + 1; microbatch < taken.Length; microbatch++)
            {
                if (_window.PlaceOf(freed[microbatch - (int)others - 1]) is { } earlier && _window.PlaceOf(taken[microbatch]) is { } later)
                    model.Precede(earlier, later);
            }
        }
    }

    private void AddResidencies(List<Part> parts, long limit)
    {
        var residencies = new List<(int? Taken, int? Freed, long Units)>();
        foreach (var (taken, freed, units) in parts)
        {
            for (var microbatch = _window.Done[freed]; microbatch < graph.Chains[taken].Length; microbatch++)
            {
                var (from, to) = (_window.PlaceOf(graph.Chains[taken][microbatch]), _window.PlaceOf(graph.Chains[freed][microbatch]));
                var isHeld = microbatch < _window.Done[taken];
                if (from is null && !isHeld) break;
                if (isHeld && to is null) limit -= units;
                else residencies.Add((from, to, units));
            }
        }

        if (residencies.Sum(residency => residency.Units) <= limit) return;
        var divisor = residencies.Aggregate(0L, (divisor, residency) => (long)BigInteger.GreatestCommonDivisor(divisor, residency.Units));
        var cumulative = model.Model.AddCumulative(limit / divisor);
        foreach (var (taken, freed, units) in residencies) cumulative.AddDemand(Residency(taken, freed), units / divisor);
    }

    /// <summary>From the start of an operation, or the window's, to the end of another, or the window's.</summary>
    private IntervalVar Residency(int? taken, int? freed)
    {
        var (steps, last) = (model.Steps, model.Steps.Horizon);
        var (from, to) = (taken is { } first ? steps.Starts[first] : 0, freed is { } end ? steps.Starts[end] + steps.Duration[end] : last);
        var length = model.Model.NewIntVar(0, last, "");
        model.Model.AddHint(length, to - from);
        return model.Model.NewIntervalVar(
            taken is { } start ? model.Starts[start] : LinearExpr.Constant(0), length, freed is { } behind ? model.EndOf(behind) : LinearExpr.Constant(last), "");
    }
}
