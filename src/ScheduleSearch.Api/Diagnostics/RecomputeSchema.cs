using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ScheduleSearch.Core.Profiles;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScheduleSearch.Api.Diagnostics;

/// <summary>Requests say <c>choose</c>, in a word or a list, where the domain has a list or none.</summary>
internal sealed class RecomputeSchema : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (context.Type != typeof(ActivationRecompute) || schema.Properties is not { } properties) return;
        properties.Remove("stages");
        properties["choose"] = new OpenApiSchema
        {
            Description = "The stages that compute again: \"all\", \"none\" or a list of them. Default all.",
            Examples = [new JsonArray(0, 1)],
            OneOf =
            [
                new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["all", "none"] },
                new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.Integer } },
            ],
        };
    }
}
