using System.Globalization;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>Finds what of an imported profile looks wrong: units, backwards, ranks, clocks.</summary>
internal static class TraceWarnings
{
    /// <summary>GiB that no device has.</summary>
    private const double MostMemory = 1024;

    private const double ShortMilliseconds = 1, LargeVariation = 0.5, SlowRank = 1.5, SlowReplica = 1.1, SkewedShare = 0.01;

    private const int MostRanks = 16;

    /// <summary>The warnings, in sentences.</summary>
    public static IEnumerable<string> Of(
        Profile profile, IReadOnlyList<DurationStatistics> durations, IReadOnlyList<RankStatistics> ranks, ImportedCommunication? communication,
        MemoryFit? memory)
    {
        var longest = durations.Max(one => one.Median);
        if (longest < ShortMilliseconds) yield return $"The longest operation takes {Text(longest)} ms in the median: are the times of the trace in seconds?";
        foreach (var warning in UnitWarnings.Of(profile)) yield return $"{warning.Path["$.profile.".Length..]}: {warning.Message}";
        if (memory?.Ranks.MaxBy(rank => rank.Recorded) is { Recorded: > MostMemory } most)
            yield return $"Rank {most.Rank} held up to {Text(most.Recorded)} GiB: is its memory in a smaller unit?";
        foreach (var stage in durations.GroupBy(one => one.Stage))
        {
            var forward = stage.Where(one => one.Op == OperationKind.Forward.Facts().Name).Sum(one => one.Median);
            var backward = stage.Sum(one => one.Median) - forward;
            if (backward < forward) yield return $"Stage {stage.Key}: its backward takes {Text(backward)} ms, less than its forward with {Text(forward)}.";
        }

        foreach (var one in durations.Where(one => one.Variation > LargeVariation))
            yield return $"Stage {one.Stage}: the durations of {one.Op} vary by {Percent(one.Variation)} of their mean.";
        foreach (var rank in ranks.Where(rank => rank.OfRanks > SlowRank).DistinctBy(rank => rank.Rank).Take(MostRanks))
            yield return $"Rank {rank.Rank} computes {Text(rank.OfRanks)} times as long as the median of the ranks.";
        foreach (var rank in ranks.Where(rank => rank.OfReplicas > SlowReplica).Take(MostRanks))
            yield return $"Rank {rank.Rank} of replica {rank.Replica} computes {Text(rank.OfReplicas)} times as long as the same rank of the other replicas.";
        if (communication is { } messages && messages.BeforeTheirEnd > SkewedShare)
            yield return $"{Percent(messages.BeforeTheirEnd)} of the results are taken before they are made: the clocks of the ranks differ.";
    }

    private static string Text(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString("0.#", CultureInfo.InvariantCulture) + " %";
}
