namespace ScheduleSearch.Solver.Search;

/// <summary>What an order costs while the operations of a window change places, which an annealer moves and knows nothing else of.</summary>
internal interface IWindowPaths
{
    /// <summary>The place in each slot; one and the same array from one <see cref="Begin"/> to the next.</summary>
    int[] Sequence { get; }

    /// <summary>The lane of each place, and of the slot of the same number.</summary>
    ReadOnlySpan<int> Lane { get; }

    /// <summary>What is to become less.</summary>
    long Cost { get; }

    /// <summary>Operations visited so far: the measure of work.</summary>
    long Visited { get; }

    /// <summary>Starts from the order that the window was cut from.</summary>
    /// <param name="order">The order, with earliest starts.</param>
    /// <param name="tails">For each operation the longest path from its end to the end, as the window was cut with.</param>
    void Begin(Arrangement order, long[] tails);

    /// <summary>Whether moving a place may lower the cost.</summary>
    bool IsCritical(int place);

    /// <summary>Moves what is in one slot to another of the same lane, unless the cost then passes a threshold or the order deadlocks.</summary>
    /// <returns>Whether it was moved.</returns>
    bool TryMove(int from, int to, long threshold);
}
