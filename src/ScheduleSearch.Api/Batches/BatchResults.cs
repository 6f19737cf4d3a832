using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Batches;

/// <summary>Writes the results of a batch line by line, each read when its turn comes: none but the one that is written is held.</summary>
internal sealed class BatchResults(IReadOnlyList<BatchItemRow> items, TrustedSchedules schedules, bool withDevices) : IResult
{
    public const string MediaType = "application/x-ndjson";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = $"{MediaType}; charset=utf-8";
        var output = httpContext.Response.BodyWriter;
        foreach (var item in items)
        {
            await WriteAsync(item, output, httpContext.RequestAborted);
            output.Write("\n"u8);
            await output.FlushAsync(httpContext.RequestAborted);
        }
    }

    private async Task WriteAsync(BatchItemRow item, PipeWriter output, CancellationToken cancellation)
    {
        if (item.Failure is null && await schedules.TryFindAsync(item.ScheduleId, cancellation) is { } stored)
        {
            var view = await schedules.ViewAsync(stored, withDevices, cancellation);
            var isReached = stored.IsUnfinished && item.Status is ScheduleStatus.Optimal or ScheduleStatus.Feasible;
            var state = isReached ? view.Reached : view.Status;
            await ScheduleJson.WriteAsync(output, view, state, cached: true, item.Index, new RequestNotes(WarningsOf(stored)), cancellation);
            return;
        }

        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        writer.WriteNumber("index", item.Index);
        writer.WriteString("id", item.ScheduleId);
        writer.WriteString("status", item.Status == BatchStatus.Submitted ? ScheduleStatus.Queued : item.Status);
        writer.WriteBoolean("cached", true);
        if (item.Failure is { } failure)
        {
            writer.WritePropertyName("problem");
            JsonSerializer.Serialize(writer, HttpProblem.Of(StatusCodes.Status422UnprocessableEntity, failure), AnswerJson.Options);
        }

        writer.WriteEndObject();
    }

    /// <summary>From the profile alone: to make the problem of each line again would cost more than all else.</summary>
    private static IReadOnlyDictionary<string, string[]>? WarningsOf(StoredSchedule stored) =>
        SubmissionJson.Read(stored.Request, (profile, _) => Warnings.Of(profile));
}
