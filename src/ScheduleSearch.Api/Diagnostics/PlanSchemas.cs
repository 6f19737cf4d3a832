using Microsoft.OpenApi;
using ScheduleSearch.Core.Estimates.Requests;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScheduleSearch.Api.Diagnostics;

/// <summary>Says of the model of a plan what its record does not: it is a request for an estimate without the sizes that vary.</summary>
internal sealed class PlanSchemas : ISchemaFilter
{
    private const string Name = "PlannedModel";

    private static readonly string[] Varying = ["pipeline", "microbatchSize", "tensorParallel", "dataParallel"];

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (context.Type != typeof(PlanRequest) || schema is not OpenApiSchema { Properties: { } properties }) return;
        var whole = (OpenApiSchema)context.SchemaRepository.Schemas[nameof(EstimateRequest)];
        var description = properties["base"].Description;
        var planned = new OpenApiSchema
        {
            Type = whole.Type,
            Description = description,
            Properties = whole.Properties!.Where(property => !Varying.Contains(property.Key)).ToDictionary(),
            Required = whole.Required!.Except(Varying).ToHashSet(),
            AdditionalPropertiesAllowed = whole.AdditionalPropertiesAllowed,
        };
        properties["base"] = new OpenApiSchema { Description = description, AllOf = [context.SchemaRepository.AddDefinition(Name, planned)] };
    }
}
