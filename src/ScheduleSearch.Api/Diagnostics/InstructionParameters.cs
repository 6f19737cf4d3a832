using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ScheduleSearch.Api.Schedules;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Instructions.Formats;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScheduleSearch.Api.Diagnostics;

/// <summary>Says of the instruction endpoints' parameters which values they take.</summary>
internal sealed class InstructionParameters : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var path = context.ApiDescription.RelativePath ?? "";
        var isSolve = path == "schedules/solve";
        if (!isSolve && !path.StartsWith("schedules/{id}/", StringComparison.Ordinal)) return;
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            (parameter.Description, parameter.Schema, parameter.Example) = parameter.Name switch
            {
                "format" => (
                    isSolve ? "The form of the stream that is answered in the place of the schedule as JSON." : "The form of the stream.",
                    Choice(InstructionFormatCatalogue.All.Select(format => format.Name), isSolve ? null : InstructionEndpoints.Default),
                    "pytorch-comms"),
                "version" => (
                    "The runtime's release, for formats whose releases read different streams: " + string.Join("; ", Versioned().Select(Releases))
                        + ". The newest when it is left out.",
                    Choice(Versioned().SelectMany(format => format.Versions).Distinct(), null),
                    Versioned().First().Version),
                "revision" => (
                    "The name of the schedule, as an answer or the header of a stream states it. The present one when it is left out.",
                    new OpenApiSchema { Type = JsonSchemaType.String, Pattern = $"^[0-9a-f]{{{ScheduleRevision.Length}}}$" },
                    JsonValue.Create("5f1d7a84c0e2b396")),
                "name" => (
                    "The title of the picture. What the key calls the profile when it is left out, and without a key its shape.",
                    new OpenApiSchema { Type = JsonSchemaType.String },
                    JsonValue.Create("gpt-1.5b")),
                "rank" => ("One device only, from 0.", new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "0" }, JsonValue.Create(0)),
                _ => (parameter.Description, parameter.Schema, parameter.Example),
            };
        }
    }

    private static IEnumerable<IInstructionFormat> Versioned() => InstructionFormatCatalogue.All.Where(format => format.Versions.Count > 0);

    private static string Releases(IInstructionFormat format) => $"{format.Name} {string.Join(", ", format.Versions)}";

    private static OpenApiSchema Choice(IEnumerable<string> names, string? otherwise) =>
        new() { Type = JsonSchemaType.String, Enum = [.. names.Select(name => (JsonNode)name)], Default = otherwise };
}
