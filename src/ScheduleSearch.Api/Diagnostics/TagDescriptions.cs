using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScheduleSearch.Api.Diagnostics;

/// <summary>Says what the operations of a tag are for.</summary>
internal sealed class TagDescriptions : IDocumentFilter
{
    private static readonly Dictionary<string, string> Descriptions = new()
    {
        ["Schedules"] = "Searching, watching, comparing, verifying and fetching schedules.",
        ["Batches"] = "Many searches with one request.",
        ["Sweeps"] = "One request with members that vary: what is reached at each point, and at what cost of memory.",
        ["Plans"] = "How a model is divided among the devices of a cluster.",
        ["Estimates"] = "Profiles from a model's sizes, before anything is measured.",
        ["Traces"] = "Profiles from recorded runs.",
        ["Catalogues"] = "What the service knows and takes.",
        ["Health"] = "What orchestrators ask.",
    };

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        foreach (var tag in swaggerDoc.Tags ?? new HashSet<OpenApiTag>()) tag.Description = Descriptions[tag.Name!];
    }
}
