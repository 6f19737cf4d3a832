using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Core.Estimates.Requests;
using ScheduleSearch.Core.Evaluation;
using Swashbuckle.AspNetCore.Swagger;

namespace ScheduleSearch.Api.Pages.Forms;

/// <summary>
/// The forms of requests, read off the document that the service publishes: whatever a request may have, its form has too, with what is said of it there.
/// </summary>
internal sealed class RequestForm(IAsyncSwaggerProvider documents)
{
    private const string Document = "v1";
    private const string Profile = "profile";
    private const string Options = "options";
    private const string Noise = "noise";

    private readonly Lazy<Task<JsonObject>> _schemas = new(() => ReadAsync(documents));

    /// <summary>Of what solve takes: the sections of a profile in its own order, and the options.</summary>
    public async Task<IReadOnlyList<FormSection>> SectionsAsync()
    {
        var schemas = await _schemas.Value;
        var members = Resolved(schemas, schemas[nameof(SolveRequest)]!)["properties"]!;
        return
        [
            .. SectionsOf(schemas, Profile, Resolved(schemas, members[Profile]!)),
            SectionOf(schemas, Options, Options, Resolved(schemas, members[Options]!), isRequired: false),
        ];
    }

    /// <summary>Of what an estimate takes: its own members, then its sections.</summary>
    public async Task<IReadOnlyList<FormSection>> EstimateAsync()
    {
        var schemas = await _schemas.Value;
        return SectionsOf(schemas, "", Resolved(schemas, schemas[nameof(EstimateRequest)]!));
    }

    /// <summary>Of what evaluate takes: its own members, then what durations do, in sections.</summary>
    public async Task<IReadOnlyList<FormSection>> EvaluationAsync()
    {
        var schemas = await _schemas.Value;
        var schema = Resolved(schemas, schemas[nameof(EvaluationRequest)]!);
        var noise = SectionsOf(schemas, Noise, Resolved(schemas, schema["properties"]![Noise]!));
        return [.. SectionsOf(schemas, "", schema).Where(section => section.Path != Noise), .. noise];
    }

    private static async Task<JsonObject> ReadAsync(IAsyncSwaggerProvider documents)
    {
        var document = await documents.GetSwaggerAsync(Document);
        return JsonNode.Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_0))!["components"]!["schemas"]!.AsObject();
    }

    /// <summary>The members that an object has itself, then a section for each of its objects.</summary>
    private static List<FormSection> SectionsOf(JsonObject schemas, string path, JsonObject schema)
    {
        var own = new List<FormField>();
        var sections = new List<FormSection>();
        foreach (var (name, inner) in schema["properties"]!.AsObject())
        {
            var (member, place) = (Resolved(schemas, inner!), path.Length == 0 ? name : $"{path}.{name}");
            if (member["properties"] is null) own.Add(FieldOf(schemas, place, name, inner!, IsRequired(schema, name)));
            else sections.Add(SectionOf(schemas, place, name, member, IsRequired(schema, name)));
        }

        return [new FormSection(path, path, "", own), .. sections];
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
        // Where there are several forms, one of a few words is chosen, and the others are written as JSON.
        var words = member["enum"] ?? member["oneOf"]?.AsArray().Select(form => form!["enum"]).FirstOrDefault(form => form is not null);
        var choices = words?.AsArray().Select(word => word!.ToString()).ToList() ?? [];
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
