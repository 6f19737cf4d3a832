using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Sweeps;
using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Requests;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Overlap;
using ScheduleSearch.Core.Placements;
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
                Description = "Searches schedules of pipeline-parallel training with a proved gap, and returns them as instruction streams. In requests a "
                    + "member that is null counts as one that is left out.",
            });
            options.AddServer(new OpenApiServer { Url = "/", Description = "The service that this document comes from." });
            foreach (var comments in Directory.EnumerateFiles(AppContext.BaseDirectory, "ScheduleSearch.*.xml")) options.IncludeXmlComments(comments);
            options.SupportNonNullableReferenceTypes();
            options.NonNullableReferenceTypesAsRequired();
            // So that a member that refers to another schema keeps its own description.
            options.UseAllOfToExtendReferenceSchemas();
            options.MapType<StageValues>(SchemaForms.OneOrEach);
            options.MapType<LinkValues>(SchemaForms.OneOrMatrix);
            options.MapType<PairValues>(SchemaForms.OneOrEachOrMatrix);
            options.MapType<Exclusivity>(() => new OpenApiSchema
            {
                OneOf = [new OpenApiSchema { Type = JsonSchemaType.Boolean }, SchemaForms.Word(["device"])],
            });
            options.MapType<StageSplit>(() => SchemaForms.ArrayOr(SchemaForms.Array(SchemaForms.Whole(0)), SchemaForms.Word(StageSplit.Words)));
            options.MapType<TimeUnit>(() => SchemaForms.Word(Enum.GetNames<TimeUnit>()));
            options.MapType<MemoryUnit>(() => SchemaForms.Word(Enum.GetNames<MemoryUnit>()));
            options.MapType<IterationMode>(() => SchemaForms.Word(Enum.GetValues<IterationMode>().Select(ProfileJson.NameOf)));
            options.MapType<Objective>(() => SchemaForms.Word(Enum.GetValues<Objective>().Select(ProfileJson.NameOf)));
            options.MapType<Statistic>(() => SchemaForms.Word(Enum.GetValues<Statistic>().Select(ProfileJson.NameOf)));
            options.MapType<NumberType>(() => SchemaForms.Word(Words.All<NumberType>()));
            options.MapType<AttentionKernel>(() => SchemaForms.Word(Words.All<AttentionKernel>()));
            options.MapType<Recomputation>(() => SchemaForms.Word(Words.All<Recomputation>()));
            options.MapType<OptimizerKind>(() => SchemaForms.Word(Words.All<OptimizerKind>()));
            options.MapType<StateSharding>(() => SchemaForms.Word(Words.All<StateSharding>()));
            options.MapType<ExpertDispatch>(() => SchemaForms.Word(Words.All<ExpertDispatch>()));
            options.MapType<BiasKind>(() => SchemaForms.Word(Words.All<BiasKind>()));
            foreach (var member in FeatureCatalogue.Default.Sections.SelectMany(section => section.Members))
            {
                if (member.WordType is { } words) options.MapType(words, () => SchemaForms.Word(member.Words));
            }

            options.MapType<AxisValues>(SchemaForms.ListOrRange);
            options.MapType<JsonNode>(() => new OpenApiSchema { Type = JsonSchemaType.Object });
            options.SchemaFilter<StrictSchemas>();
            options.SchemaFilter<SectionSchemas>();
            options.SchemaFilter<ShortForms>();
            options.SchemaFilter<EstimateSchemas>();
            options.SchemaFilter<PlanSchemas>();
            options.OperationFilter<RequestExamples>();
            options.OperationFilter<InstructionParameters>();
            options.OperationFilter<ListParameters>();
            options.OperationFilter<StreamedAnswers>();
            options.OperationFilter<OtherForms>();
            options.OperationFilter<CommonAnswers>();
            options.DocumentFilter<TagDescriptions>();
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
}
