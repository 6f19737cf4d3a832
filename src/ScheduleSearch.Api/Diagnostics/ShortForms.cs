using System.Text.Json;
using Microsoft.OpenApi;
using ScheduleSearch.Core.Profiles;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScheduleSearch.Api.Diagnostics;

/// <summary>Says of members whose records can be made of a value of each pair of devices that one number or a matrix alone will do.</summary>
internal sealed class ShortForms : ISchemaFilter
{
    private const string Conversion = "op_Implicit";

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema.Properties is not { } properties) return;
        foreach (var member in context.Type.GetProperties().Where(property => HasShortForm(property.PropertyType)))
        {
            if (properties[JsonNamingPolicy.CamelCase.ConvertName(member.Name)] is not OpenApiSchema { AllOf: [var record] } named) continue;
            named.AllOf = null;
            named.OneOf = [record!, .. SchemaForms.OneOrMatrix().OneOf!];
        }
    }

    private static bool HasShortForm(Type type) =>
        type.GetMethods().Any(method => method.Name == Conversion && method.GetParameters() is [var from] && from.ParameterType == typeof(LinkValues));
}
