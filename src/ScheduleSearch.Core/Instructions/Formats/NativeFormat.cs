using System.Buffers;
using System.Text.Json;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Instructions.Native;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Formats;

/// <summary>
/// The service's own JSON: all that a schedule knows. Each rank lists its operations with their times and, where they take place, the
/// sends and receives with their peers and the sums over two pipes; carrying them out in order never hangs.
/// </summary>
internal sealed class NativeFormat : IInstructionFormat
{
    public string Name => "native";

    public string MediaType => "application/json";

    public string FileExtension => "json";

    public string Description =>
        "The service's own JSON: by rank the operations with their times, slack and priority, and every send and receive with its peer in an "
        + "order that cannot hang, even where a send blocks until its receive is posted. The stage of a send or receive is the one that made the result. "
        + "An overlapped pair is one instruction `overlapped`. With two pipes everything names its pipe, and an `allReduce` on both its ranks sums the "
        + "gradients of a stage once all of them are there; with slices everything names its slice. Carries every schedule.";

    public FeatureSet Covers => Carriage.Listed;

    public FormatRefusal? WhyNot(Timeline timeline) => null;

    public void Write(Timeline timeline, int? rank, IBufferWriter<byte> output)
    {
        var streams = Lowering.Of(timeline.OnDevices());
        JsonStream.Write(timeline, this, [], output, json =>
        {
            var instructions = new InstructionWriter(json, timeline);
            WriteSliceLengths(json, timeline.Schedule.Problem);
            json.WriteArray("ranks", rank is { } one ? [streams[one]] : streams, stream =>
            {
                json.WriteStartObject();
                json.WriteNumber("rank", stream.Rank);
                json.WriteArray("instructions", stream.Grouped(), instructions.Write);
                json.WriteEndObject();
            });
        });
    }

    private static void WriteSliceLengths(Utf8JsonWriter json, Problem problem)
    {
        if (problem.SliceCount == 1) return;
        json.WriteNumber("slices", problem.SliceCount);
        if (!problem.Shares.Lengths.IsEmpty) json.WriteArray("sliceLengths", problem.Shares.Lengths, json.WriteNumberValue);
    }
}
