using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace ScheduleSearch.Api.Diagnostics;

/// <summary>The forms that schemas are put together of.</summary>
internal static class SchemaForms
{
    /// <summary>A number.</summary>
    public static OpenApiSchema Number() => new() { Type = JsonSchemaType.Number };

    /// <summary>A whole number of at least a least.</summary>
    public static OpenApiSchema Whole(int least) => new() { Type = JsonSchemaType.Integer, Minimum = $"{least}" };

    /// <summary>One of some words.</summary>
    public static OpenApiSchema Word(IEnumerable<string> words) => new() { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (JsonNode)word)] };

    /// <summary>An array.</summary>
    public static OpenApiSchema Array(OpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };

    /// <summary>One number for all, or an array of one each.</summary>
    public static OpenApiSchema OneOrEach() => ArrayOr(Array(Number()), Number());

    /// <summary>One number for all, an array of one each, or a matrix.</summary>
    public static OpenApiSchema OneOrEachOrMatrix() => new() { OneOf = [Array(Number()), Array(Array(Number())), Number()] };

    /// <summary>One number for every pair of devices, or a matrix.</summary>
    public static OpenApiSchema OneOrMatrix() => ArrayOr(Array(Array(Number())), Number());

    /// <summary>An array, or something that stands for one. Generators that know no choice take the first form, and an array says all.</summary>
    public static OpenApiSchema ArrayOr(OpenApiSchema array, OpenApiSchema other) => new() { OneOf = [array, other] };

    /// <summary>Any values, or numbers from one to another in steps.</summary>
    public static OpenApiSchema ListOrRange() => ArrayOr(Array(new OpenApiSchema()), new OpenApiSchema
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { "from", "to", "steps" },
        Properties = new Dictionary<string, IOpenApiSchema> { ["from"] = Number(), ["to"] = Number(), ["steps"] = Whole(least: 1) },
        AdditionalPropertiesAllowed = false,
    });

    /// <summary>Bytes that clients hand on, or read bit by bit.</summary>
    public static OpenApiSchema Bytes() => new() { Type = JsonSchemaType.String, Format = "binary" };
}
