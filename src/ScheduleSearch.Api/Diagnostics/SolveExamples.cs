using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ScheduleSearch.Api.Schedules.Requests;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScheduleSearch.Api.Diagnostics;

/// <summary>Offers the examples in every body that solve takes, and as a batch.</summary>
internal sealed class SolveExamples : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var isBatch = context.ApiDescription.RelativePath == "batches";
        if (!isBatch && context.ApiDescription.RelativePath is not ("schedules/solve" or "schedules/compare")) return;
        foreach (var content in operation.RequestBody?.Content?.Values.OfType<OpenApiMediaType>() ?? [])
        {
            if (isBatch)
            {
                content.Example = new JsonObject { ["requests"] = new JsonArray([.. Examples.All.Select(example => example.Request.DeepClone())]) };
                continue;
            }

            content.Examples = Examples.All.ToDictionary(
                example => example.Name,
                example => (IOpenApiExample)new OpenApiExample { Summary = example.Description, Value = example.Request.DeepClone() });
        }
    }
}
