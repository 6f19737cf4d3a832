using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules.Answers;

namespace ScheduleSearch.Api.Schedules.Documents;

/// <summary>Writes the members of <see cref="ScheduleAnswer"/>, those of the result as they were rendered once.</summary>
internal static class ScheduleJson
{
    /// <summary>Writes an object.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="view">What is answered.</param>
    /// <param name="state">The state to answer with.</param>
    /// <param name="cached">Whether the request caused no search.</param>
    /// <param name="index">The place of the request among others; null for one alone.</param>
    /// <param name="notes">What is said of the request that is answered; null for nothing.</param>
    /// <param name="cancellation">Gives up writing.</param>
    public static async Task WriteAsync(
        PipeWriter output, ScheduleView view, string state, bool cached, int? index, RequestNotes? notes, CancellationToken cancellation)
    {
        WriteHead(output, view, state, cached, index, notes);
        if (view.Result is not { } result) return;
        // The rendered members follow the head's in one object, so a comma stands for their opening brace.
        output.Write(","u8);
        await result.CopyToAsync(output, skip: 1, cancellation);
    }

    private static void WriteHead(PipeWriter output, ScheduleView view, string state, bool cached, int? index, RequestNotes? notes)
    {
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        if (index is { } place) writer.WriteNumber("index", place);
        writer.WriteString("id", view.Stored.Id);
        writer.WriteString("status", state);
        writer.WriteBoolean("cached", cached);
        Write("warnings", notes?.Warnings);
        Write("launch", notes?.Launch);
        Write("problem", view.Stored.Failure is { } failure ? HttpProblem.Of(StatusCodes.Status500InternalServerError, failure) : null);
        if (view.Result is null) writer.WriteEndObject();

        void Write<T>(string name, T? member)
        {
            if (member is null) return;
            writer.WritePropertyName(name);
            JsonSerializer.Serialize(writer, member, AnswerJson.Options);
        }
    }
}
