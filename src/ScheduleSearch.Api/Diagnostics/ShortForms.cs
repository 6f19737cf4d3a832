using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.OpenApi;
using ScheduleSearch.Core.Profiles;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScheduleSearch.Api.Diagnostics;

/// <summary>Says of members whose records can be made of less that this will do: one number or a matrix for pairs of devices, a list of factors.</summary>
internal sealed class ShortForms : ISchemaFilter
{
    private const string Conversion = "op_Implicit";

    private static readonly Dictionary<Type, Func<IEnumerable<IOpenApiSchema>>> Forms = new()
    {
        [typeof(LinkValues)] = () => SchemaForms.OneOrMatrix().OneOf!,
        [typeof(ImmutableArray<decimal>)] = () => [SchemaForms.Array(new OpenApiSchema { Type = JsonSchemaType.Number })],
    };

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema.Properties is not { } properties) return;
        foreach (var member in context.Type.GetProperties())
        {
            if (FormsOf(member.PropertyType) is not { } forms) continue;
            if (properties[JsonNamingPolicy.CamelCase.ConvertName(member.Name)] is not OpenApiSchema { AllOf: [var record] } named) continue;
            named.AllOf = null;
            named.OneOf = [record!, .. forms()];
        }
    }

    private static Func<IEnumerable<IOpenApiSchema>>? FormsOf(Type type) =>
        Forms.FirstOrDefault(form => type.GetMethod(Conversion, [form.Key]) is not null).Value;
}
