namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>
/// How long messages were on their way: from the end of an operation to the start of the one on another rank that took its result, where that rank had
/// nothing else to do since.
/// </summary>
/// <param name="Messages" example="512">Messages that somebody waited for.</param>
/// <param name="Median" example="0.42">Milliseconds in the median, which the profile has as latency; 0 where nobody waited.</param>
/// <param name="P95" example="0.9">What 95 % of them do not exceed.</param>
/// <param name="BeforeTheirEnd" example="0">Of all results, the share that was taken before it was made: above 0 only where the ranks' clocks differ.</param>
public sealed record ImportedCommunication(int Messages, double Median, double P95, double BeforeTheirEnd);
