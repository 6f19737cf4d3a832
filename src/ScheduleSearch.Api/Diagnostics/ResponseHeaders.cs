using Microsoft.OpenApi;

namespace ScheduleSearch.Api.Diagnostics;

internal static class ResponseHeaders
{
    /// <summary>Says of an answer that it has a header, or may have.</summary>
    public static void AddHeader(this IOpenApiResponse response, string name, string description, OpenApiSchema schema)
    {
        var answer = (OpenApiResponse)response;
        (answer.Headers ??= new Dictionary<string, IOpenApiHeader>())[name] = new OpenApiHeader { Description = description, Schema = schema };
    }

    /// <summary>As the other, for a header that is text.</summary>
    public static void AddHeader(this IOpenApiResponse response, string name, string description) =>
        response.AddHeader(name, description, new OpenApiSchema { Type = JsonSchemaType.String });
}
