namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>The memory of a rank.</summary>
/// <param name="Rank" example="0">The rank.</param>
/// <param name="InFlight" example="8">Microbatches whose forward has begun and whose backward has not ended, at most.</param>
/// <param name="Recorded" example="104.3">GiB that it held at most.</param>
public sealed record RankPeak(int Rank, int InFlight, double Recorded);
