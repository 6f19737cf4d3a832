namespace ScheduleSearch.Api.Pages.Shell;

/// <summary>A place in the navigation.</summary>
/// <param name="Title">What it is called there.</param>
/// <param name="Href">The URL of the page, from the root.</param>
/// <param name="Icon">The path of its icon.</param>
/// <param name="IsExact">Whether it is the current place at its own URL only, and not at those that begin with it.</param>
internal sealed record PagePlace(string Title, string Href, string Icon, bool IsExact = false);
