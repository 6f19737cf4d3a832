using System.Buffers;
using System.Text.Json;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Traces.Runs;

namespace ScheduleSearch.Api.Traces;

/// <summary>A step of a run beside its replays, on one time axis. Times are in milliseconds.</summary>
/// <param name="Step" example="3">Its number in the run.</param>
/// <param name="Replica" example="0">Its data-parallel replica.</param>
/// <param name="Length" example="1940.2">From its first start to its last end.</param>
/// <param name="Recorded">As it was recorded, in the form of <c>GET /schedules/{id}/timeline.json</c>.</param>
/// <param name="Replayed">Its order replayed with its own durations, in the same form.</param>
/// <param name="Medians">Its order replayed with the profile's durations, in the same form.</param>
/// <param name="Lost">Where it lost time.</param>
internal sealed record ShownStepAnswer(
    int Step, int Replica, double Length, JsonElement Recorded, JsonElement Replayed, JsonElement Medians, StepLosses Lost)
{
    /// <summary>A step.</summary>
    public static ShownStepAnswer Of(ShownStep shown)
    {
        var ((recorded, replayed, medians), step) = (shown.Timelines, shown.Step);
        return new(step.Step, step.Replica, step.Length, Document(recorded), Document(replayed), Document(medians), shown.Lost);
    }

    private static JsonElement Document(Timeline timeline)
    {
        var bytes = new ArrayBufferWriter<byte>();
        InstructionFormatCatalogue.Find("timeline")!.Write(timeline, rank: null, bytes);
        var reader = new Utf8JsonReader(bytes.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }
}
