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
        if (context.ApiDescription.RelativePath?.StartsWith("schedules/{id}/", StringComparison.Ordinal) != true) return;
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            (parameter.Description, parameter.Schema, parameter.Example) = parameter.Name switch
            {
                "format" => (
                    "The form of the stream.",
                    Formats(),
                    "pytorch-comms"),
                "version" => (
                    "The runtime's release, for formats whose releases read different streams: " + string.Join("; ", Versioned().Select(Releases))
                        + ". The newest when it is left out.",
                    SchemaForms.Word(Versioned().SelectMany(format => format.Versions).Distinct()),
                    Versioned().First().Version),
                "revision" => (
                    "The name of the schedule, as an answer or the header of a stream states it. The present one when it is left out.",
                    new OpenApiSchema { Type = JsonSchemaType.String, Pattern = $"^[0-9a-f]{{{ScheduleRevision.Length}}}$" },
                    JsonValue.Create("5f1d7a84c0e2b396")),
                "rank" => ("One device only, from 0.", SchemaForms.Whole(least: 0), JsonValue.Create(0)),
                _ => (parameter.Description, parameter.Schema, parameter.Example),
            };
        }
    }

    private static IEnumerable<IInstructionFormat> Versioned() => InstructionFormatCatalogue.All.Where(format => format.Versions.Count > 0);

    private static string Releases(IInstructionFormat format) => $"{format.Name} {string.Join(", ", format.Versions)}";

    private static OpenApiSchema Formats()
    {
        var formats = SchemaForms.Word(InstructionFormatCatalogue.All.Select(format => format.Name));
        formats.Default = InstructionEndpoints.Default;
        return formats;
    }
}
