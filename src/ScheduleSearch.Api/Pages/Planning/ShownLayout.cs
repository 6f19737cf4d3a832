namespace ScheduleSearch.Api.Pages.Planning;

/// <summary>The settings of a runtime that tell it a layout, or why it has none.</summary>
/// <param name="Name">The name of the format.</param>
/// <param name="Description">Which runtime reads it.</param>
/// <param name="Settings">The settings as JSON; null where there are none.</param>
/// <param name="Refusal">Why there are none; null where there are.</param>
internal sealed record ShownLayout(string Name, string Description, string? Settings, string? Refusal);
