namespace ScheduleSearch.Core.Estimates.Ranks;

/// <summary>Microbatches whose activations a rank holds at once under 1F1B, by its chunks.</summary>
internal static class InFlight
{
    /// <summary>
    /// One chunk: those of the ranks after it and its own. Several: the forwards of the interleaved schedule's warm-up and the one after it, which go through
    /// the chunks in groups of as many microbatches as there are ranks.
    /// </summary>
    /// <returns>For each chunk of the rank, how many microbatches it holds at most.</returns>
    public static int[] Of(int rank, int ranks, int chunks, int microbatches)
    {
        if (chunks == 1) return [Math.Min(ranks - rank, microbatches)];
        long warmUp = 2L * (ranks - rank - 1) + (chunks - 1L) * ranks + 1, all = (long)chunks * microbatches;
        var held = new int[chunks];
        for (long forward = 0; forward < Math.Min(warmUp, all); forward++) held[forward % ((long)ranks * chunks) / ranks]++;
        return held;
    }
}
