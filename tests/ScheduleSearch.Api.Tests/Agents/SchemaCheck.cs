using System.Text.Json.Nodes;

namespace ScheduleSearch.Api.Tests.Agents;

/// <summary>Holds values against schemas, as far as the schemas of tools go.</summary>
internal static class SchemaCheck
{
    /// <summary>What in a value its schema does not allow.</summary>
    public static IEnumerable<string> Faults(JsonNode schema, JsonNode? value, string path = "$")
    {
        if (schema["oneOf"] is JsonArray choices)
            return choices.Any(choice => !Faults(choice!, value, path).Any()) ? [] : [$"{path} is none of its forms"];
        if (schema["enum"] is JsonArray words && !words.Any(word => JsonNode.DeepEquals(word, value))) return [$"{path} is {value}"];
        return value switch
        {
            JsonObject members => FaultsOf(schema, members, path),
            JsonArray elements when Is(schema, "array") => elements.SelectMany((element, index) => Faults(schema["items"]!, element, $"{path}[{index}]")),
            JsonValue one => Is(schema, TypeOf(one)) || (TypeOf(one) == "integer" && Is(schema, "number")) ? [] : [$"{path} is {one.ToJsonString()}"],
            _ => [$"{path} has a wrong type"],
        };
    }

    private static IEnumerable<string> FaultsOf(JsonNode schema, JsonObject value, string path)
    {
        if (!Is(schema, "object")) return [$"{path} is an object"];
        var missing = (schema["required"]?.AsArray() ?? []).Select(name => name!.GetValue<string>()).Where(name => !value.ContainsKey(name))
            .Select(name => $"{path}.{name} is missing");
        return missing.Concat(value.SelectMany(member =>
            schema["properties"]?[member.Key] is { } own ? Faults(own, member.Value, $"{path}.{member.Key}")
            : schema["additionalProperties"] is JsonObject others ? Faults(others, member.Value, $"{path}.{member.Key}")
            : [$"{path}.{member.Key} is unknown"]));
    }

    private static bool Is(JsonNode schema, string type) => schema["type"] switch
    {
        JsonArray types => types.Any(each => each!.GetValue<string>() == type),
        JsonValue one => one.GetValue<string>() == type,
        _ => false,
    };

    private static string TypeOf(JsonValue value) => value.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.String => "string",
        System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => "boolean",
        _ => value.ToJsonString().AsSpan().IndexOfAny(".eE") < 0 ? "integer" : "number",
    };
}
