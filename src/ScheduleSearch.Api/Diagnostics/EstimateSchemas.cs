using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Requests;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScheduleSearch.Api.Diagnostics;

/// <summary>Says of requests for estimates what their record does not: a configuration in the place of the model, a device by its name or numbers.</summary>
internal sealed class EstimateSchemas : ISchemaFilter
{
    private static readonly (string Name, string Description)[] Numbers =
    [
        ("flopsPerSecond", "Floating-point operations in a second at most, in the numbers of `dtype`; required without `preset`, like the next four."),
        ("memory", "GiB."),
        ("memoryBandwidth", "GB (10^9 bytes) a second."),
        ("linkBandwidth", "To all other devices of its node together, one way, GB a second."),
        ("networkBandwidth", "To devices of other nodes, one way, GB a second."),
        ("devicesPerNode", "Devices of a node. Default 8, or the preset's."),
        ("efficiency", "Share of `flopsPerSecond` that large products reach, above 0 and at most 1. Default 0.5, or the preset's."),
        ("memoryEfficiency", "Share of `memoryBandwidth` that is reached, above 0 and at most 1. Default 0.8, or the preset's."),
    ];

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (context.Type != typeof(EstimateRequest) || schema is not OpenApiSchema { Properties: { } properties } request) return;
        request.Required = request.Required?.Where(member => member != "model").ToHashSet();
        properties["config"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object | JsonSchemaType.Null,
            Description = "A Hugging Face `config.json`, in the place of `model`; members that say nothing of sizes are not looked at.",
            AdditionalPropertiesAllowed = true,
        };
        properties["device"] = new OpenApiSchema
        {
            Description = "The name of a device of `GET /devices`, or an object with its numbers, alone or in the place of those of a `preset`.",
            Examples = [JsonValue.Create(DeviceCatalogue.All[1].Name)],
            OneOf = [Known("A device of `GET /devices`."), Own()],
        };
    }

    private static OpenApiSchema Known(string description)
    {
        var schema = SchemaForms.Word(DeviceCatalogue.All.Select(device => device.Name));
        schema.Description = description;
        return schema;
    }

    private static OpenApiSchema Own()
    {
        Dictionary<string, IOpenApiSchema> properties = new()
        {
            ["preset"] = Known("A device of `GET /devices`, whose numbers count where none stand here."),
            ["name"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What it is called in the answer." },
        };
        foreach (var (name, description) in Numbers) properties[name] = new OpenApiSchema { Type = JsonSchemaType.Number, Description = description };
        properties["directLinks"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Boolean,
            Description = "Whether each two devices of a node have a link of their own, an equal part of `linkBandwidth`; else a switch gives any two all of "
                + "it. Default false, or the preset's.",
        };
        return new() { Type = JsonSchemaType.Object, Properties = properties, AdditionalPropertiesAllowed = false };
    }
}
