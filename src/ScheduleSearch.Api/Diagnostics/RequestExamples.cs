using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ScheduleSearch.Api.Estimates;
using ScheduleSearch.Api.Evaluations;
using ScheduleSearch.Api.Plans;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Api.Sweeps;
using ScheduleSearch.Api.Traces;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScheduleSearch.Api.Diagnostics;

/// <summary>Offers bodies to start from: the examples where solve's are taken, all of them as a batch, and an order to verify.</summary>
internal sealed class RequestExamples : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (var content in operation.RequestBody?.Content?.Values.OfType<OpenApiMediaType>() ?? [])
        {
            switch (operation.OperationId)
            {
                case "solve" or "compare":
                    // Only solve closes what a profile leaves open, and searches under noise.
                    content.Examples = Examples.All.Where(example => operation.OperationId == "solve" || !example.IsOfSolve()).ToDictionary(
                        example => example.Name,
                        example => (IOpenApiExample)new OpenApiExample { Summary = example.Description, Value = example.Request.DeepClone() });
                    break;
                case "verify":
                    content.Example = OrderExample.Request();
                    break;
                case "sendSweep":
                    content.Example = SweepExamples.Sweep();
                    break;
                case "leastMemory":
                    content.Example = SweepExamples.LeastMemory();
                    break;
                case "plan":
                    content.Example = PlanExample.Request();
                    break;
                case "compareReplicas":
                    content.Example = ReplicaExample.Request();
                    break;
                case "estimate":
                    content.Example = EstimateExample.Request();
                    break;
                case "research":
                    content.Example = ResearchExample.Request();
                    break;
                case "evaluate":
                    content.Example = EvaluationExample.Request();
                    break;
                case "importTrace":
                    content.Example = ImportExample.Request();
                    break;
                case "sendBatch":
                    content.Example = new JsonObject { ["requests"] = new JsonArray([.. Examples.All.Select(example => example.Request.DeepClone())]) };
                    break;
            }
        }
    }
}
