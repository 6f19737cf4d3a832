namespace ScheduleSearch.Api.Pages.Forms;

/// <summary>Members of a request that belong together.</summary>
/// <param name="Path">Their common path in the request, as in <c>profile.times</c>.</param>
/// <param name="Title">What they are called.</param>
/// <param name="Description">What they are.</param>
/// <param name="Fields">The members.</param>
public sealed record FormSection(string Path, string Title, string Description, IReadOnlyList<FormField> Fields)
{
    private const string UnitName = "unit";

    /// <summary>The member that states the unit of the section's amounts; null when they have none.</summary>
    public FormField? Unit => Fields.FirstOrDefault(member => member.Name == UnitName);

    /// <summary>The member of a form that a path of the request lies in; null when none has it.</summary>
    public static FormField? FieldOf(IEnumerable<FormSection> sections, string path)
    {
        var inner = path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;
        return sections.SelectMany(section => section.Fields).FirstOrDefault(field =>
            inner.StartsWith(field.Path, StringComparison.Ordinal) && (inner.Length == field.Path.Length || inner[field.Path.Length] is '.' or '['));
    }

    /// <summary>Whether a request must have something of the section.</summary>
    public bool IsRequired => Fields.Any(member => member.IsRequired);
}
