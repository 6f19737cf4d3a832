using System.Buffers;
using System.Text.Json;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
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

    public string? WhyNot(Timeline timeline) => null;

    public void Write(Timeline timeline, int? rank, IBufferWriter<byte> output)
    {
        var problem = timeline.Schedule.Problem;
        var streams = Lowering.Of(timeline);
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        WriteProblem(json, problem);
        WriteMetrics(json, problem, ScheduleMetrics.Of(timeline));
        json.WriteStartArray("ranks");
        foreach (var stream in rank is { } one ? [streams[one]] : streams) WriteStream(json, timeline, stream);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteProblem(Utf8JsonWriter json, Problem problem)
    {
        json.WriteString("format", "native");
        json.WriteNumber("version", 1);
        json.WriteString("id", problem.Id);
        json.WriteString("timeUnit", problem.Profile.Times.Unit.ToString());
        json.WriteString("memoryUnit", (problem.Profile.Memory?.Unit ?? MemoryUnit.MiB).ToString());
        json.WriteNumber("microbatches", problem.Microbatches);
        json.WriteStartObject("placement");
        json.WriteString("name", problem.Placement.Name);
        json.WriteStartArray("ranksOfStages");
        for (var pipe = 0; pipe < problem.Placement.Pipes; pipe++)
        {
            json.WriteStartArray();
            for (var stage = 0; stage < problem.Stages; stage++) json.WriteNumberValue(problem.Placement.DeviceOf(pipe, stage));
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteMetrics(Utf8JsonWriter json, Problem problem, ScheduleMetrics metrics)
    {
        json.WriteString("objective", problem.Objective == Objective.Makespan ? "makespan" : "span");
        json.WriteNumber("makespan", problem.TimeScale.FromTicks(metrics.Makespan));
        json.WriteNumber("span", problem.TimeScale.FromTicks(metrics.Span));
        json.WriteStartArray("peakMemory");
        foreach (var peak in metrics.PeakMemory) json.WriteNumberValue(problem.MemoryScale.FromTicks(peak));
        json.WriteEndArray();
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
