using System.Buffers;
using System.Text.Json;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Formats;

/// <summary>
/// The service's own JSON: all that a schedule knows. Each rank lists its operations with their times and, where they take place, the
/// sends and receives with their peers; carrying them out in order never hangs.
/// </summary>
internal sealed class NativeFormat : IInstructionFormat
{
    private const int FlushAfter = 1 << 16;

    public string Name => "native";

    public string MediaType => "application/json";

    public string FileExtension => "json";

    public string Description =>
        "The service's own JSON: by rank the operations with their times, and every send and receive with its peer in an order that "
        + "cannot hang, even where a send blocks until its receive is posted. The stage of a send or receive is the one that made the result.";

    public FormatRefusal? WhyNot(Timeline timeline) => null;

    public void Write(Timeline timeline, int? rank, IBufferWriter<byte> output)
    {
        var streams = Lowering.Of(timeline);
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        StreamHead.WriteMembers(json, timeline, this, []);
        json.WriteStartArray("ranks");
        foreach (var stream in rank is { } one ? [streams[one]] : streams) WriteStream(json, timeline, stream);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteStream(Utf8JsonWriter json, Timeline timeline, RankInstructions stream)
    {
        json.WriteStartObject();
        json.WriteNumber("rank", stream.Rank);
        json.WriteStartArray("instructions");
        foreach (var instruction in stream.Instructions)
        {
            WriteInstruction(json, timeline, instruction);
            if (json.BytesPending > FlushAfter) json.Flush();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteInstruction(Utf8JsonWriter json, Timeline timeline, Instruction instruction)
    {
        var (kind, operation, peer) = instruction;
        json.WriteStartObject();
        if (kind == InstructionKind.Compute)
        {
            json.WriteString("op", OperationNames.Of(operation.Kind));
        }
        else
        {
            json.WriteString("op", kind == InstructionKind.Send ? "send" : "receive");
            json.WriteNumber("peer", peer);
            json.WriteString("what", instruction.Payload);
        }

        if (timeline.Schedule.Problem.Placement.Pipes > 1) json.WriteNumber("pipe", operation.Pipe);
        json.WriteNumber("stage", operation.Stage);
        json.WriteNumber("microbatch", operation.Microbatch);
        if (kind == InstructionKind.Compute)
        {
            var (scale, index) = (timeline.Schedule.Problem.TimeScale, timeline.Graph.IndexOf(operation));
            json.WriteNumber("start", scale.FromTicks(timeline.StartOf(index)));
            json.WriteNumber("end", scale.FromTicks(timeline.EndOf(index)));
        }

        json.WriteEndObject();
    }
}
