using System.Text.Json;
using Microsoft.OpenApi;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScheduleSearch.Api.Diagnostics;

/// <summary>
/// Says of the sections of features what their tables say: members that have another name and form than the domain's, and their order in a
/// profile.
/// </summary>
internal sealed class SectionSchemas : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { } properties } named) return;
        var sections = FeatureCatalogue.Default.SectionsInJson;
        if (context.Type == typeof(Profile))
        {
            var order = sections.Select(section => section.Name).ToList();
            named.Properties = properties.OrderBy(property => order.IndexOf(property.Key)).ToDictionary();
        }

        foreach (var member in sections.FirstOrDefault(section => section.RecordType == context.Type)?.Members ?? [])
        {
            if (member.OtherForm is not { } form) continue;
            properties.Remove(form.Property);
            properties[member.Name] = SchemaOf(member, form);
        }
    }

    private static OpenApiSchema SchemaOf(IProfileMember member, MemberForm form) => new()
    {
        Description = form.Description,
        Examples = [form.IsOne ? form.Example[0] : JsonSerializer.SerializeToNode(form.Example)!],
        OneOf =
        [
            form.IsOne ? new OpenApiSchema { Type = JsonSchemaType.Integer } : SchemaForms.Array(new OpenApiSchema { Type = JsonSchemaType.Integer }),
            SchemaForms.Word(member.Words),
        ],
    };
}
