namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>A rank of a replica.</summary>
/// <param name="Replica" example="0">The replica.</param>
/// <param name="Rank" example="1">The pipeline rank.</param>
/// <param name="Work" example="854.2">Milliseconds of a step in which it computes, in the median over the steps.</param>
/// <param name="OfReplicas" example="1.01">The same against the median of the replicas' ranks of this number.</param>
/// <param name="OfRanks" example="1.4">The same against the median of all ranks.</param>
public sealed record RankStatistics(int Replica, int Rank, double Work, double OfReplicas, double OfRanks);
