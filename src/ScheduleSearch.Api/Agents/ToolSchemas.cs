using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScheduleSearch.Api.Agents;

/// <summary>
/// JSON schemas of types, as the service's document has them. They refer to nothing, so that an agent sees all of an argument where it stands; no type of a
/// request or an answer contains itself.
/// </summary>
internal sealed class ToolSchemas(ISchemaGenerator generator)
{
    private const string Reference = "$ref";
    private const string Extended = "allOf";

    /// <summary>The schema of a type.</summary>
    public JsonElement Of(Type type)
    {
        var known = new SchemaRepository();
        var root = generator.GenerateSchema(type, known);
        return JsonSerializer.SerializeToElement(Whole(JsonOf(root), known));
    }

    private static JsonNode? Whole(JsonNode? node, SchemaRepository known) => node switch
    {
        JsonObject schema when schema[Reference] is { } reference => Whole(JsonOf(known.Schemas[NameIn(reference)]), known),
        // A member of another schema that has a description of its own.
        JsonObject schema when schema[Extended] is JsonArray { Count: 1 } bases && Whole(bases[0], known) is JsonObject extended =>
            With(extended, schema, known),
        JsonObject schema => new JsonObject(schema.Select(member => KeyValuePair.Create(member.Key, Whole(member.Value, known)))),
        JsonArray schemas => new JsonArray([.. schemas.Select(schema => Whole(schema, known))]),
        _ => node?.DeepClone(),
    };

    private static JsonObject With(JsonObject extended, JsonObject schema, SchemaRepository known)
    {
        foreach (var (name, value) in schema.Where(member => member.Key != Extended)) extended[name] = Whole(value, known);
        return extended;
    }

    private static string NameIn(JsonNode reference) => reference.GetValue<string>().Split('/')[^1];

    private static JsonNode? JsonOf(IOpenApiSchema schema)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        schema.SerializeAsV31(new OpenApiJsonWriter(text));
        return JsonNode.Parse(text.ToString());
    }
}
