using System.Text.Json;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScheduleSearch.Api.Diagnostics;

/// <summary>Says of members what the service does: they are left out or given, never null; and what the domain computes is not sent.</summary>
internal sealed class StrictSchemas : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema.Properties is not { } properties) return;
        foreach (var computed in context.Type.GetProperties().Where(property => !property.CanWrite && property.DeclaringType != typeof(HttpProblem)))
            properties.Remove(JsonNamingPolicy.CamelCase.ConvertName(computed.Name));
        foreach (var property in properties.Values.OfType<OpenApiSchema>())
        {
            property.Type &= ~JsonSchemaType.Null;
            foreach (var none in property.OneOf?.Where(choice => choice.Type == JsonSchemaType.Null).ToList() ?? []) property.OneOf!.Remove(none);
        }
    }
}
