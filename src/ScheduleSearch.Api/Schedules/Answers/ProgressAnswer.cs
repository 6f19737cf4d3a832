namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>How far a search is, in the profile's own units.</summary>
/// <param name="Status">The state of the search.</param>
/// <param name="Incumbent">The objective of the best schedule so far.</param>
/// <param name="Bound">What no schedule can be better than.</param>
/// <param name="Gap">(incumbent - bound) / incumbent.</param>
/// <param name="Elapsed">Seconds since this stream was opened.</param>
internal sealed record ProgressAnswer(string Status, decimal? Incumbent, decimal? Bound, double? Gap, double Elapsed);
