using System.Text.Json.Nodes;

namespace ScheduleSearch.Api.Tests.Fuzzing;

/// <summary>What the service says of itself in its OpenAPI document.</summary>
internal sealed class ServiceDocument(JsonNode document)
{
    /// <summary>Every operation of every path.</summary>
    public IReadOnlyList<DocumentedOperation> Operations { get; } =
    [
        .. from path in document["paths"]!.AsObject()
           from verb in path.Value!.AsObject()
           select new DocumentedOperation(
               verb.Key.ToUpperInvariant(),
               path.Key,
               [.. (verb.Value!["parameters"]?.AsArray() ?? []).Where(each => each!["in"]!.GetValue<string>() == "query").Select(each => each!)],
               verb.Value["requestBody"]?["content"]?["application/json"]?["schema"]),
    ];

    /// <summary>The types that a value of a schema may have, such as <c>integer</c>; empty when it says nothing of them.</summary>
    public IReadOnlyList<string> TypesOf(JsonNode? schema) => [.. Forms(schema).Select(form => form["type"]?.GetValue<string>()).OfType<string>().Distinct()];

    /// <summary>The words that a value of a schema may be; empty when it may be others.</summary>
    public IReadOnlyList<string> WordsOf(JsonNode? schema) =>
        [.. Forms(schema).SelectMany(form => form["enum"]?.AsArray() ?? []).Select(word => word!.ToString())];

    /// <summary>The members of an object of a schema, by name.</summary>
    public IReadOnlyDictionary<string, JsonNode> MembersOf(JsonNode? schema) => Forms(schema)
        .SelectMany(form => form["properties"]?.AsObject() ?? []).DistinctBy(member => member.Key).ToDictionary(member => member.Key, member => member.Value!);

    /// <summary>The schema of a member of an object; null when it has none of this name.</summary>
    public JsonNode? MemberOf(JsonNode? schema, string name) => MembersOf(schema).GetValueOrDefault(name);

    /// <summary>The schema of the elements of an array.</summary>
    public JsonNode? ElementsOf(JsonNode? schema) => Forms(schema).Select(form => form["items"]).FirstOrDefault(items => items is not null);

    /// <summary>The schemas that one stands for.</summary>
    private IEnumerable<JsonNode> Forms(JsonNode? schema)
    {
        if (schema is null) return [];
        if (schema["$ref"]?.GetValue<string>() is { } reference)
            return Forms(document["components"]!["schemas"]![reference.Split('/')[^1]]);
        return new[] { "allOf", "oneOf", "anyOf" }.SelectMany(kind => schema[kind]?.AsArray() ?? []).SelectMany(Forms).Prepend(schema);
    }
}

/// <summary>One operation: a verb at a path.</summary>
/// <param name="Verb">The verb in capitals.</param>
/// <param name="Path">The path with its parameters in braces.</param>
/// <param name="Query">The parameters of its query.</param>
/// <param name="Body">The schema of its body; null when it takes none.</param>
internal sealed record DocumentedOperation(string Verb, string Path, IReadOnlyList<JsonNode> Query, JsonNode? Body);
