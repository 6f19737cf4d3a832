namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>A rank of a replica.</summary>
/// <param name="Replica" example="0">The replica.</param>
/// <param name="Rank" example="1">The pipeline rank.</param>
/// <param name="Work" example="854.2">Milliseconds of a step in which it computes, in the median over the steps.</param>
/// <param name="OfReplicas" example="1.01">The same against the median of the replicas' ranks of this number.</param>
/// <param name="OfRanks" example="1.4">The same against the median of all ranks.</param>
public sealed record RankStatistics(int Replica, int Rank, double Work, double OfReplicas, double OfRanks)
{
    /// <summary>The ranks of each replica, by what they worked in each step, in milliseconds.</summary>
    internal static IReadOnlyList<RankStatistics> Of(IEnumerable<(int Replica, int Rank, double Work)> steps)
    {
        List<(int Replica, int Rank, double Work)> works =
        [
            .. from step in steps
               group step.Work by (step.Replica, step.Rank) into worked
               orderby worked.Key
               select (worked.Key.Replica, worked.Key.Rank, ImportedTimes.Median(worked)),
        ];
        if (works.Count == 0) return [];
        var (all, byRank) = (ImportedTimes.Median(works.Select(rank => rank.Work)), works.GroupBy(rank => rank.Rank).ToDictionary(
            rank => rank.Key, rank => ImportedTimes.Median(rank.Select(each => each.Work))));
        return works.ConvertAll(rank => new RankStatistics(
            rank.Replica, rank.Rank, rank.Work, ImportedTimes.Ratio(rank.Work, byRank[rank.Rank]), ImportedTimes.Ratio(rank.Work, all)));
    }
}
