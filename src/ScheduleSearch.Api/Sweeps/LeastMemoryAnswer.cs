namespace ScheduleSearch.Api.Sweeps;

/// <summary>The least limit at which a target is reached.</summary>
/// <param name="Status" example="optimal">
/// <c>optimal</c>: no smaller limit reaches the target; <c>feasible</c>: one above <c>tooLittle</c> may; <c>unreached</c>: no schedule that reaches it was
/// found.
/// </param>
/// <param name="Target" example="1450">What is to be reached, in the profile's unit of time.</param>
/// <param name="Limit" example="6.5">The least limit of a device that a schedule was found for which reaches it; null while none was.</param>
/// <param name="TooLittle" example="6.25">The largest limit that is proved to be too little for every schedule; null where none was looked for.</param>
/// <param name="Found">The schedule at that limit; null while there is none.</param>
/// <param name="Unlimited">What was found with unlimited memory.</param>
/// <param name="Tried">The limits that were searched, in the order in which they were.</param>
internal sealed record LeastMemoryAnswer(
    string Status, decimal Target, decimal? Limit, decimal? TooLittle, LimitAnswer? Found, LimitAnswer? Unlimited, IReadOnlyList<LimitAnswer> Tried);
