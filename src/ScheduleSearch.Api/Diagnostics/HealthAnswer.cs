namespace ScheduleSearch.Api.Diagnostics;

/// <summary>Whether the service lives, or can serve.</summary>
/// <param name="Status"><c>alive</c> or <c>ready</c>.</param>
internal sealed record HealthAnswer(string Status);
