namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>How far a search is, in the profile's own units.</summary>
/// <param name="Status">The state of the search.</param>
/// <param name="Incumbent">The objective of the best schedule so far, at the profile's durations.</param>
/// <param name="Bound">What no schedule can be better than.</param>
/// <param name="Gap">(incumbent - bound) / incumbent; with <c>options.noise</c> of the statistic that is searched, absent where no bound is claimed.</param>
/// <param name="Elapsed">Seconds since this stream was opened.</param>
internal sealed record ProgressAnswer(string Status, decimal? Incumbent, decimal? Bound, double? Gap, double Elapsed);
