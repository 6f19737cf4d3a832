using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ScheduleSearch.Api.Callbacks;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Core.Estimates.Requests;
using ScheduleSearch.Core.Evaluation;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScheduleSearch.Api.Diagnostics;

/// <summary>Says of members what the service does: members of requests that have a default need not be given, or may be null; those of answers
/// are left out or given, never null; and what the domain computes is not sent.</summary>
internal sealed class StrictSchemas : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { } properties } named) return;
        if (IsOfProfile(context.Type))
            named.Required = context.Type.GetProperties().Where(property => property.IsDefined(typeof(RequiredMemberAttribute))).Select(NameOf).ToHashSet();
        foreach (var computed in context.Type.GetProperties().Where(property => !property.CanWrite && property.DeclaringType != typeof(HttpProblem)))
            properties.Remove(NameOf(computed));
        var isOfRequest = IsOfRequest(context.Type);
        foreach (var (name, member) in properties)
        {
            if (member is not OpenApiSchema property) continue;
            property.Type &= ~JsonSchemaType.Null;
            foreach (var none in property.OneOf?.Where(choice => choice.Type == JsonSchemaType.Null).ToList() ?? []) property.OneOf!.Remove(none);
            // A schema of several forms has no type of its own, and nothing but a type can be said to be null.
            if (isOfRequest && named.Required?.Contains(name) != true && property.Type is not (null or 0)) property.Type |= JsonSchemaType.Null;
        }

        if (context.Type == typeof(PipelineShape) && properties["placement"] is OpenApiSchema placement)
            placement.Enum = [.. ScheduleFilter.Placements.Select(word => (JsonNode)word)];
    }

    private static bool IsOfProfile(Type type) =>
        type.Namespace == typeof(Profile).Namespace || type.Namespace == typeof(EstimateRequest).Namespace
        || type.Namespace == typeof(EvaluationRequest).Namespace || type == typeof(PipelineShape)
        || FeatureCatalogue.Default.Sections.Any(section => section.RecordType == type);

    private static bool IsOfRequest(Type type) => IsOfProfile(type) || type.Namespace == typeof(SolveRequest).Namespace || type == typeof(CallbackRequest);

    private static string NameOf(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);
}
