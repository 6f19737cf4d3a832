using Microsoft.OpenApi;
using ScheduleSearch.Api.Schedules;
using ScheduleSearch.Api.Sweeps;
using ScheduleSearch.Core.Instructions.Formats;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScheduleSearch.Api.Diagnostics;

/// <summary>Says of answers that are JSON unless Accept or a format asks for something else what else they may be, and of all where they stand.</summary>
internal sealed class OtherForms : IOperationFilter
{
    private const string Ok = "200", Accepted = "202";

    private static readonly string[] OfFormats = ["solve", "verify"], Linked = ["solve", "getSchedule", "cancelSearch"];

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var (name, responses) = (operation.OperationId ?? "", operation.Responses ?? []);
        if (!responses.TryGetValue(Ok, out var answer)) return;
        foreach (var mediaType in MediaTypesOf(name)) answer.Content?.TryAdd(mediaType, new OpenApiMediaType { Schema = SchemaForms.Bytes() });
        var isPlaced = OfFormats.Contains(name) || context.ApiDescription.RelativePath?.StartsWith("schedules/{id}", StringComparison.Ordinal) == true;
        foreach (var response in new[] { Ok, Accepted }.Where(responses.ContainsKey).Select(status => responses[status]))
        {
            if (isPlaced) response.AddHeader("Content-Location", "Where what is answered stands, from the root of this service, when that is another place.");
            if (LinksOf(name) is { } links) response.AddHeader("Link", links);
        }
    }

    private static IEnumerable<string> MediaTypesOf(string operation) => operation switch
    {
        "getSchedule" => ScheduleEndpoints.MediaTypes,
        "getSweep" => SweepEndpoints.MediaTypes,
        _ when OfFormats.Contains(operation) => InstructionFormatCatalogue.All.Select(format => format.MediaType).Distinct(),
        _ => [],
    };

    private static string? LinksOf(string operation) => operation switch
    {
        "listSchedules" => "The next page (`rel=\"next\"`) and the one before (`rel=\"prev\"`), as RFC 8288 has it.",
        "getInstructions" => "Of a CSV, what goes with it (`rel=\"describedby\"`), as RFC 8288 has it.",
        _ when Linked.Contains(operation) => "The schedule's picture and streams (`rel=\"alternate\"`), what goes with them (`rel=\"describedby\"`) and "
            + "the events of its search (`rel=\"monitor\"`), as RFC 8288 has it.",
        _ => null,
    };
}
