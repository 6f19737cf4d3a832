using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Exact;

/// <summary>The memory of one device: every holding lasts from the start of the operation that takes it to the end of the one that frees it.</summary>
/// <param name="model">The model.</param>
/// <param name="holdings">The holdings of the device.</param>
/// <param name="limit">Memory units that the device may hold.</param>
/// <remarks>
/// What ends and what starts at one time net, as in a device's order. Operations of no duration may stand at one time in an order that
/// holds more than the model sees: there the model is a relaxation, and its schedules have to be checked.
/// </remarks>
internal sealed class DeviceMemory(ScheduleModel model, IReadOnlyList<HoldingChain> holdings, long limit)
{
    public void Add()
    {
        if (limit == long.MaxValue || holdings.Sum(holding => holding.Units * holding.From.Length) <= limit) return;
        foreach (var holding in holdings) AddOrder(holding);
        // One part of equal size for all: the order of those that take and those that free says it all.
        if (holdings.Count == 1) return;
        var divisor = holdings.Aggregate(0L, (divisor, holding) => Gcd(divisor, holding.Units));
        var cumulative = model.Model.AddCumulative(limit / divisor);
        foreach (var holding in holdings)
        {
            foreach (var (from, to) in holding.From.Zip(holding.To)) cumulative.AddDemand(model.Residency(from, to), holding.Units / divisor);
        }
    }

    /// <summary>
    /// Implied by the limit on one chain alone: when an operation takes memory, those before it in the chain whose part is not freed hold it, and
    /// all that is held at least as long.
    /// </summary>
    private void AddOrder(HoldingChain holding)
    {
        var (taken, freed) = (holding.From, holding.To);
        // Itself in full, and as many others as fit beside it.
        var others = (limit - holding.Taken) / holding.HeldAsLong;
        for (var turn = (int)Math.Min(others, taken.Length) + 1; turn < taken.Length; turn++) model.Precede(freed[turn - (int)others - 1], taken[turn]);
    }

    private static long Gcd(long first, long second) => second == 0 ? first : Gcd(second, first % second);
}
