using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Solver.Exact;

/// <summary>
/// The memory of one device: every activation is held from the start of its forward to the end of what frees it, in two parts where the
/// weight gradient frees the rest.
/// </summary>
/// <remarks>
/// What ends and what starts at one time net, as in a device's order. Operations of no duration may stand at one time in an order that
/// holds more than the model sees: there the model is a relaxation, and its schedules have to be checked.
/// </remarks>
internal sealed class DeviceMemory(ScheduleModel model, int lane)
{
    private readonly OperationGraph _graph = model.Graph;
    private readonly long _limit = model.Graph.Problem.LimitOf(model.Graph.Lanes[lane].Device);

    /// <summary>A part of an activation: taken by one chain, freed by another.</summary>
    private readonly record struct Holding(int[] Taken, int[] Freed, long Units);

    public void Add()
    {
        if (_limit == long.MaxValue) return;
        var holdings = Holdings().ToList();
        if (holdings.Sum(holding => holding.Units * holding.Taken.Length) <= _limit) return;
        foreach (var forwards in holdings.GroupBy(holding => holding.Taken)) AddOrder([.. forwards]);
        // One part of equal size for all: the order of forwards and frees says it all.
        if (holdings.Count == 1) return;
        var divisor = holdings.Aggregate(0L, (divisor, holding) => Gcd(divisor, holding.Units));
        var cumulative = model.Model.AddCumulative(_limit / divisor);
        foreach (var (taken, freed, units) in holdings)
        {
            for (var microbatch = 0; microbatch < taken.Length; microbatch++)
                cumulative.AddDemand(model.Residency(taken[microbatch], freed[microbatch]), units / divisor);
        }
    }

    private IEnumerable<Holding> Holdings()
    {
        foreach (var forwards in model.Chains.All.Where(chain => _graph.LaneOf[chain[0]] == lane && _graph.Acquired[chain[0]] > 0))
        {
            var (_, pipe, stage, _) = _graph.Operations[forwards[0]];
            foreach (var kind in Enum.GetValues<OperationKind>())
            {
                if (model.Chains.Find(kind, pipe, stage) is { } freed && _graph.Released[freed[0]] is > 0 and var units)
                    yield return new Holding(forwards, freed, units);
            }
        }
    }

    /// <summary>
    /// Implied by the limit on one stage alone: when a forward starts, those microbatches whose part n is not freed hold their parts n and later.
    /// </summary>
    private void AddOrder(Holding[] parts)
    {
        var whole = parts.Sum(part => part.Units);
        for (var part = 0; part < parts.Length; part++)
        {
            var (taken, freed, _) = parts[part];
            var held = parts.Skip(part).Sum(later => later.Units);
            // Itself in full, and as many others as fit beside it.
            var others = (_limit - whole) / held;
            for (var microbatch = (int)Math.Min(others, taken.Length) + 1; microbatch < taken.Length; microbatch++)
                model.Precede(freed[microbatch - (int)others - 1], taken[microbatch]);
        }
    }

    private static long Gcd(long first, long second) => second == 0 ? first : Gcd(second, first % second);
}
