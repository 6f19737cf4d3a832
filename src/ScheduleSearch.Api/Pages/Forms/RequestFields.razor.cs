using Microsoft.AspNetCore.Components;

namespace ScheduleSearch.Api.Pages.Forms;

/// <summary>A request as fields, which change it member by member.</summary>
public sealed partial class RequestFields
{
    /// <summary>The members that there are.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<FormSection> Sections { get; set; } = [];

    /// <summary>The request.</summary>
    [Parameter, EditorRequired]
    public RequestDraft Draft { get; set; } = null!;

    /// <summary>What is wrong with each member, by its path in the request.</summary>
    [Parameter]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Errors { get; set; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The paths of sections that are open even where the request has nothing of them.</summary>
    [Parameter]
    public IReadOnlyList<string> Open { get; set; } = [];

    /// <summary>What the section of the request's own members is called.</summary>
    [Parameter]
    public string Title { get; set; } = "";

    /// <summary>Called when a field has changed the request.</summary>
    [Parameter, EditorRequired]
    public EventCallback OnChanged { get; set; }

    private async Task SetAsync(FormField field, string? text)
    {
        Draft.Set(field, text);
        await OnChanged.InvokeAsync();
    }

    private bool IsUsed(FormSection section) => section.Fields.Any(field => Draft[field.Path].Length > 0);

    private string? ErrorOf(FormField field) =>
        Errors.Where(error => FormSection.FieldOf(Sections, error.Key) == field).Select(error => string.Join(" ", error.Value)).FirstOrDefault();

    /// <summary>What stands after an amount: the unit that is chosen for its section.</summary>
    private string? UnitOf(FormSection section, FormField field) =>
        section.Unit is { } unit && field.Kind == FieldKind.Values ? Draft[unit.Path] is { Length: > 0 } chosen ? chosen : unit.Example : null;

    private RenderFragment FieldFor(FormSection section, FormField field) => field.Kind is FieldKind.Choice or FieldKind.Flag
        ? ChoiceFor(field, field.Kind == FieldKind.Flag ? ["true", "false"] : field.Choices)
        : TextFor(field, UnitOf(section, field));
}
