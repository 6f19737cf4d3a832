namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>How good a schedule is, as the search for it says in a picture's head.</summary>
/// <param name="Status">The state of the search, such as <c>optimal</c>.</param>
/// <param name="LowerBound">What no schedule can be better than, in the profile's unit.</param>
/// <param name="Bound">What proves it.</param>
/// <param name="Gap">(objective - lower bound) / objective; null where no bound is claimed, as the bound then is.</param>
/// <param name="Method">The family or search method that found the schedule.</param>
public sealed record SearchFigures(string Status, decimal? LowerBound, string Bound, double? Gap, string Method);
