using Microsoft.OpenApi;
using ScheduleSearch.Core.Profiles;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScheduleSearch.Api.Diagnostics;

/// <summary>Says of records that stand for a value of each pair of devices that one number or a matrix alone will do: those that can be made of it.</summary>
internal sealed class ShortForms(Func<OpenApiSchema> links) : ISchemaFilter
{
    private const string Conversion = "op_Implicit";

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { } properties } record || !HasShortForm(context.Type)) return;
        var members = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = properties, AdditionalPropertiesAllowed = false };
        (record.Type, record.Properties, record.Required, record.AdditionalPropertiesAllowed) = (null, null, null, true);
        record.OneOf = [.. links().OneOf!, members];
    }

    private static bool HasShortForm(Type type) =>
        type.GetMethods().Any(method => method.Name == Conversion && method.GetParameters() is [var from] && from.ParameterType == typeof(LinkValues));
}
