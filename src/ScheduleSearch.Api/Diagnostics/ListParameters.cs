using Microsoft.OpenApi;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Sweeps;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScheduleSearch.Api.Diagnostics;

/// <summary>Says of the parameters of lists which values they take: handlers read them as text, so that a fault names its parameter.</summary>
internal sealed class ListParameters : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            parameter.Schema = (operation.OperationId, parameter.Name) switch
            {
                ("listSchedules", "page" or "pageSize" or "devices" or "chunks" or "microbatches") => SchemaForms.Whole(least: 1),
                ("listSchedules", "placement") => SchemaForms.Word(ScheduleFilter.Placements),
                ("listSchedules", "objective") => SchemaForms.Word(ScheduleFilter.Objectives),
                ("listSchedules", "status") => SchemaForms.Word(ScheduleStatus.All),
                ("getBatchResults", "devices") or ("listSchedules", "own") => new OpenApiSchema { Type = JsonSchemaType.Boolean },
                ("getSweep", "format") => SchemaForms.Word(SweepEndpoints.FormNames),
                _ => parameter.Schema,
            };
        }
    }
}
