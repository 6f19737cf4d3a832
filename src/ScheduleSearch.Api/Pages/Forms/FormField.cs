namespace ScheduleSearch.Api.Pages.Forms;

/// <summary>A member of a request in a form.</summary>
/// <param name="Path">Its path in the request, as in <c>profile.times.forward</c>.</param>
/// <param name="Name">Its own name.</param>
/// <param name="Kind">How it is written.</param>
/// <param name="Description">What it is.</param>
/// <param name="IsRequired">Whether a request must have it, or its section.</param>
/// <param name="Choices">The words that it may be, of a choice.</param>
/// <param name="Example">A value that it may have, as one writes it.</param>
public sealed record FormField(
    string Path, string Name, FieldKind Kind, string Description, bool IsRequired, IReadOnlyList<string> Choices, string? Example);
