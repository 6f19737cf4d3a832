using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ScheduleSearch.Api.Schedules.Requests;
using Swashbuckle.AspNetCore.Swagger;

namespace ScheduleSearch.Api.Pages.NewSchedule;

/// <summary>
/// The form of what solve takes, read off the document that the service publishes: whatever a profile may have, the form has too, with what is said of it
/// there.
/// </summary>
internal sealed class RequestForm(IAsyncSwaggerProvider documents)
{
    private const string Document = "v1";
    private const string Profile = "profile";
    private const string Options = "options";

    private readonly Lazy<Task<IReadOnlyList<FormSection>>> _sections = new(() => ReadAsync(documents));

    /// <summary>The sections of a profile in its own order, and the options.</summary>
    public Task<IReadOnlyList<FormSection>> SectionsAsync() => _sections.Value;

    private static async Task<IReadOnlyList<FormSection>> ReadAsync(IAsyncSwaggerProvider documents)
    {
        var document = await documents.GetSwaggerAsync(Document);
        var schemas = JsonNode.Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_0))!["components"]!["schemas"]!.AsObject();
        var members = Resolved(schemas, schemas[nameof(SolveRequest)]!)["properties"]!;
        var profile = Resolved(schemas, members[Profile]!);
        var own = new List<FormField>();
        var sections = new List<FormSection>();
        foreach (var (name, schema) in profile["properties"]!.AsObject())
        {
            var member = Resolved(schemas, schema!);
            if (member["properties"] is null) own.Add(FieldOf(schemas, $"{Profile}.{name}", name, schema!, IsRequired(profile, name)));
            else sections.Add(SectionOf(schemas, $"{Profile}.{name}", name, member, IsRequired(profile, name)));
        }

        return
        [
            new FormSection(Profile, Profile, "", own),
            .. sections,
            SectionOf(schemas, Options, Options, Resolved(schemas, members[Options]!), isRequired: false),
        ];
    }

    private static FormSection SectionOf(JsonObject schemas, string path, string title, JsonObject schema, bool isRequired) => new(
        path,
        title,
        TextOf(schema),
        [
            .. schema["properties"]!.AsObject().Select(member =>
                FieldOf(schemas, $"{path}.{member.Key}", member.Key, member.Value!, isRequired && IsRequired(schema, member.Key))),
        ]);

    private static FormField FieldOf(JsonObject schemas, string path, string name, JsonNode schema, bool isRequired)
    {
        var member = Resolved(schemas, schema);
        var choices = member["enum"]?.AsArray().Select(word => word!.ToString()).ToList() ?? [];
        var kind = choices.Count > 0 ? FieldKind.Choice : (string?)member["type"] switch
        {
            "boolean" => FieldKind.Flag,
            "integer" or "number" => FieldKind.Number,
            "string" => FieldKind.Text,
            _ => FieldKind.Values,
        };
        return new FormField(path, name, kind, TextOf(member), isRequired, choices, RequestDraft.TextOf(member["example"]));
    }

    /// <summary>A schema with what it refers to: its own members come before those.</summary>
    private static JsonObject Resolved(JsonObject schemas, JsonNode schema)
    {
        var resolved = new JsonObject();
        foreach (var part in schema["allOf"]?.AsArray() ?? [])
        {
            foreach (var (key, value) in Resolved(schemas, part!)) resolved[key] = value?.DeepClone();
        }

        if ((string?)schema["$ref"] is { } reference)
        {
            foreach (var (key, value) in Resolved(schemas, schemas[reference[(reference.LastIndexOf('/') + 1)..]]!)) resolved[key] = value?.DeepClone();
        }

        foreach (var (key, value) in schema.AsObject())
        {
            if (key is not ("allOf" or "$ref")) resolved[key] = value?.DeepClone();
        }

        return resolved;
    }

    private static bool IsRequired(JsonObject schema, string name) => schema["required"]?.AsArray().Any(required => (string?)required == name) == true;

    private static string TextOf(JsonNode schema) => ((string?)schema["description"])?.Replace('\n', ' ').Replace("`", "") ?? "";
}
