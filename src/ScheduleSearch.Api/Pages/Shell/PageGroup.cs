namespace ScheduleSearch.Api.Pages.Shell;

/// <summary>Places of the navigation that belong together.</summary>
/// <param name="Title">What they have in common.</param>
/// <param name="Places">The places, first to last.</param>
internal sealed record PageGroup(string Title, IReadOnlyList<PagePlace> Places);
