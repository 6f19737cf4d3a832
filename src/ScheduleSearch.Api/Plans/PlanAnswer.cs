namespace ScheduleSearch.Api.Plans;

/// <summary>The plans of a request.</summary>
/// <param name="Label">What the numbers are: always <c>estimate</c>.</param>
/// <param name="Devices" example="32">Devices of the cluster, as many as each plan uses.</param>
/// <param name="Searched" example="3">Plans that have a searched schedule.</param>
/// <param name="Plans">
/// A row for each: those that were searched, the shortest iteration first; then those that fit, by the formula; then those that are ruled out.
/// </param>
/// <param name="NotModelled">What the numbers leave out.</param>
internal sealed record PlanAnswer(string Label, int Devices, int Searched, IReadOnlyList<PlanRowAnswer> Plans, IReadOnlyList<string> NotModelled);
