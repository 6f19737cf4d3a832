using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ScheduleSearch.Api.Schedules;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Instructions.Pictures;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScheduleSearch.Api.Diagnostics;

/// <summary>Says of the instruction endpoints' parameters which values they take.</summary>
internal sealed class InstructionParameters : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var path = context.ApiDescription.RelativePath ?? "";
        var isInPlace = path is "schedules/solve" or "schedules/verify";
        if (!isInPlace && !path.StartsWith("schedules/{id}/", StringComparison.Ordinal)) return;
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            (parameter.Description, parameter.Schema, parameter.Example) = parameter.Name switch
            {
                "format" => (
                    isInPlace ? "Answers with the schedule in this form, an instruction stream or a picture, instead of the JSON." : "The form of the stream.",
                    Choice(InstructionFormatCatalogue.All.Select(format => format.Name), isInPlace ? null : InstructionEndpoints.Default),
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
                "width" => (
                    "Pixels of the whole picture. As many as the labels of operations need, within reason, when it is left out.",
                    new OpenApiSchema
                    {
                        Type = JsonSchemaType.Integer,
                        Minimum = Text(PictureView.LeastWidth),
                        Maximum = Text(PictureView.MostWidth),
                    },
                    JsonValue.Create(1600)),
                "from" => (
                    "The time at the left end, in the profile's unit: below the makespan.",
                    new OpenApiSchema { Type = JsonSchemaType.Number, Minimum = "0", Default = JsonValue.Create(0) }, JsonValue.Create(0)),
                "to" => (
                    "The time at the right end, in the profile's unit: after `from`, and up to "
                        + $"{PictureQuery.MostMakespans} times the makespan, so that pictures of several schedules can have one axis. "
                        + "The schedule's end when it is left out.",
                    new OpenApiSchema { Type = JsonSchemaType.Number, ExclusiveMinimum = "0" }, JsonValue.Create(12.5)),
                "ranks" => (
                    "The ranks that have a row: numbers from 0 and ascending ranges, with commas between. All when it is left out.",
                    new OpenApiSchema { Type = JsonSchemaType.String, Pattern = RankRanges.Pattern }, RankRanges.Example),
                "memory" => (
                    "Whether the activations that each rank holds stand below its row, with its limit. Needs a profile that states `memory`.",
                    new OpenApiSchema { Type = JsonSchemaType.Boolean, Default = JsonValue.Create(false) }, JsonValue.Create(true)),
                "name" => (
                    "The title of the picture. What the key calls the profile when it is left out, and without a key its shape.",
                    new OpenApiSchema { Type = JsonSchemaType.String },
                    JsonValue.Create("gpt-1.5b")),
                "rank" => ("One device only, from 0.", SchemaForms.Whole(least: 0), JsonValue.Create(0)),
                _ => (parameter.Description, parameter.Schema, parameter.Example),
            };
        }
    }

    private static IEnumerable<IInstructionFormat> Versioned() => InstructionFormatCatalogue.All.Where(format => format.Versions.Count > 0);

    private static string Releases(IInstructionFormat format) => $"{format.Name} {string.Join(", ", format.Versions)}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static OpenApiSchema Choice(IEnumerable<string> names, string? otherwise)
    {
        var choice = SchemaForms.Word(names);
        choice.Default = otherwise;
        return choice;
    }
}
