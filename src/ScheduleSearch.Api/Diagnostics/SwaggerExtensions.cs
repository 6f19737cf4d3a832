using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Diagnostics;

internal static class SwaggerExtensions
{
    /// <summary>The document of this service, from the comments in its code.</summary>
    public static IServiceCollection AddDocument(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.DefaultIgnoreCondition = AnswerJson.Options.DefaultIgnoreCondition);
        return services.AddKeyDocument().AddSwaggerGen(options =>
        {
            options.SwaggerDoc("v1", new OpenApiInfo
            {
                Title = "ScheduleSearch",
                Version = "v1",
                Description = "Searches schedules of pipeline-parallel training with a proved gap, and returns them as instruction streams.",
            });
            foreach (var comments in Directory.EnumerateFiles(AppContext.BaseDirectory, "ScheduleSearch.*.xml")) options.IncludeXmlComments(comments);
            options.SupportNonNullableReferenceTypes();
            options.NonNullableReferenceTypesAsRequired();
            // So that a member that refers to another schema keeps its own description.
            options.UseAllOfToExtendReferenceSchemas();
            options.MapType<StageValues>(() => NumberOr("one number for all, or an array of one each", Array(Number())));
            options.MapType<LinkValues>(OfLinks);
            options.MapType<Exclusivity>(() => new OpenApiSchema { OneOf = [new OpenApiSchema { Type = JsonSchemaType.Boolean }, OneOf(["device"])] });
            options.MapType<TimeUnit>(() => OneOf(Enum.GetNames<TimeUnit>()));
            options.MapType<MemoryUnit>(() => OneOf(Enum.GetNames<MemoryUnit>()));
            options.MapType<Objective>(() => OneOf(Enum.GetValues<Objective>().Select(ProfileJson.NameOf)));
            foreach (var member in FeatureCatalogue.Default.Sections.SelectMany(section => section.Members))
            {
                if (member.WordType is { } words) options.MapType(words, () => OneOf(member.Words));
            }

            options.MapType<JsonNode>(() => new OpenApiSchema { Type = JsonSchemaType.Object });
            options.SchemaFilter<StrictSchemas>();
            options.SchemaFilter<SectionSchemas>();
            options.SchemaFilter<ShortForms>((Func<OpenApiSchema>)OfLinks);
            options.OperationFilter<SolveExamples>();
            options.OperationFilter<InstructionParameters>();
        });
    }

    /// <summary>Swagger UI at <c>/swagger</c>, in every environment.</summary>
    public static WebApplication UseDocument(this WebApplication app)
    {
        app.UseSwagger();
        app.UseSwaggerUI(options =>
        {
            options.DocumentTitle = "ScheduleSearch";
            options.SwaggerEndpoint("/swagger/v1/swagger.json", "ScheduleSearch v1");
            options.EnableTryItOutByDefault();
        });
        return app;
    }

    private static OpenApiSchema OfLinks() => NumberOr("one number for every pair of devices, or a devices x devices matrix", Array(Array(Number())));

    private static OpenApiSchema NumberOr(string description, OpenApiSchema other) =>
        new() { OneOf = [Number(), other], Description = description };

    private static OpenApiSchema OneOf(IEnumerable<string> names) =>
        new() { Type = JsonSchemaType.String, Enum = [.. names.Select(name => (JsonNode)name)] };

    private static OpenApiSchema Number() => new() { Type = JsonSchemaType.Number };

    private static OpenApiSchema Array(OpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };
}
