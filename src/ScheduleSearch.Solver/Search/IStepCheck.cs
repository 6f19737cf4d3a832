namespace ScheduleSearch.Solver.Search;

/// <summary>
/// Looks at what an improvement keeps up to date from step to step, so that tests can compare it with what follows from scratch. In production
/// there is none. Throws when something differs; changes nothing.
/// </summary>
internal interface IStepCheck
{
    /// <summary>Before a compactor chooses: what it has placed so far stands before what it has not, in the old order.</summary>
    /// <param name="graph">The operations, perhaps with time reversed.</param>
    /// <param name="old">The order that is tightened.</param>
    /// <param name="placed">For each lane what is placed, first to last; after that the array holds anything.</param>
    /// <param name="placedInChain">How many operations of each chain are placed.</param>
    /// <param name="starts">Starts of what is placed.</param>
    /// <param name="held">Memory units that each lane holds when what is placed has ended.</param>
    void BeforeChoice(SearchGraph graph, int[][] old, int[][] placed, int[] placedInChain, long[] starts, long[] held);

    /// <summary>When an order is compacted.</summary>
    /// <param name="graph">The operations, perhaps with time reversed.</param>
    /// <param name="order">The result.</param>
    /// <param name="starts">Its starts, which need not be the earliest.</param>
    /// <param name="cost">Its cost with those starts.</param>
    /// <param name="dates">How lane times make the cost.</param>
    void Compacted(SearchGraph graph, int[][] order, long[] starts, long cost, LaneDates dates);

    /// <summary>After a move was tried in a window, made or not.</summary>
    /// <param name="graph">The operations.</param>
    /// <param name="order">The order that the window was cut from.</param>
    /// <param name="window">The window.</param>
    /// <param name="paths">The order within the window, its starts and tails.</param>
    /// <param name="held">Memory units held before each of the window's slots.</param>
    /// <param name="dates">How lane times make the cost.</param>
    void AfterMove(SearchGraph graph, Arrangement order, Window window, WindowPaths paths, ReadOnlySpan<long> held, LaneDates dates);

    /// <summary>After an order was replayed: its starts are the earliest.</summary>
    void Retimed(SearchGraph graph, Arrangement order, LaneDates dates);
}
