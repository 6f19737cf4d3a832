using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.OpenApi;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScheduleSearch.Api.Diagnostics;

/// <summary>Says of members what the service does: they are left out or given, never null; members of requests
/// that have a default need not be given; and what the domain computes is not sent.</summary>
internal sealed class StrictSchemas : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema.Properties is not { } properties) return;
        if (schema is OpenApiSchema { Required: { } required }
            && (context.Type.Namespace == typeof(Profile).Namespace || context.Type == typeof(PipelineShape)
                || FeatureCatalogue.Default.Sections.Any(section => section.Type == context.Type)))
        {
            required.Clear();
            required.UnionWith(context.Type.GetProperties().Where(property => property.IsDefined(typeof(RequiredMemberAttribute))).Select(NameOf));
        }

        foreach (var computed in context.Type.GetProperties().Where(property => !property.CanWrite && property.DeclaringType != typeof(HttpProblem)))
            properties.Remove(NameOf(computed));
        foreach (var property in properties.Values.OfType<OpenApiSchema>())
        {
            property.Type &= ~JsonSchemaType.Null;
            foreach (var none in property.OneOf?.Where(choice => choice.Type == JsonSchemaType.Null).ToList() ?? []) property.OneOf!.Remove(none);
        }
    }

    private static string NameOf(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);
}
