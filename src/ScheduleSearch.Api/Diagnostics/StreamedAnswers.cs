using Microsoft.OpenApi;
using ScheduleSearch.Api.Batches;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScheduleSearch.Api.Diagnostics;

/// <summary>
/// Says of answers that are handed on, or read bit by bit, that they are bytes: a client made from the document would take an event for the whole answer, and
/// a stream for the text of a JSON string.
/// </summary>
internal sealed class StreamedAnswers : IOperationFilter
{
    private static readonly string[] OfItems = ["text/event-stream", BatchResults.MediaType];

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var contents = (operation.Responses ?? []).Values.Select(response => response.Content).OfType<IDictionary<string, IOpenApiMediaType>>();
        foreach (var (mediaType, answer) in contents.SelectMany(content => content))
        {
            if (answer is not OpenApiMediaType streamed) continue;
            if (OfItems.Contains(mediaType)) (streamed.ItemSchema, streamed.Schema) = (streamed.Schema, SchemaForms.Bytes());
            else if (streamed.Schema?.Type == JsonSchemaType.String) streamed.Schema = SchemaForms.Bytes();
        }
    }
}
