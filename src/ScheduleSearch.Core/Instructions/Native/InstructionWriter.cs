using System.Text.Json;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Native;

/// <summary>
/// Writes the instructions of the native format. A pipe is named where there are two, a slice where there are several, and of a piece of other work its item.
/// </summary>
internal sealed class InstructionWriter(Utf8JsonWriter json, Timeline timeline)
{
    private readonly Problem _problem = timeline.Schedule.Problem;

    /// <summary>Writes an instruction, or the two of a pair as one.</summary>
    public void Write((Instruction First, Instruction? Second) group)
    {
        var (instruction, second) = group;
        json.WriteStartObject();
        if (second is { } backward) WritePair(instruction.Operation, backward.Operation);
        else if (instruction.Kind == InstructionKind.AllReduce) WriteSum(instruction.Operation.Stage);
        else if (instruction.Kind == InstructionKind.Compute) WriteOperation(instruction.Operation);
        else WriteTransfer(instruction);
        json.WriteEndObject();
    }

    private void WriteOperation(Operation operation)
    {
        json.WriteString("op", operation.Kind.Facts().Name);
        WritePlace(operation);
        WriteTimes(operation);
    }

    private void WriteTransfer(Instruction transfer)
    {
        json.WriteString("op", transfer.Kind == InstructionKind.Send ? "send" : "receive");
        json.WriteNumber("peer", transfer.Peer);
        json.WriteString("what", transfer.Payload);
        WritePlace(transfer.Operation);
        if (transfer.Kind == InstructionKind.Send && MessageOf(transfer) is { } message) WriteTimes(message);
    }

    /// <summary>The operation that carries the result of another to a rank, where that takes a lane; null where it is latency alone.</summary>
    private Operation? MessageOf(Instruction transfer)
    {
        var graph = timeline.Graph;
        foreach (var (dependent, _) in graph.DependentsOf(graph.IndexOf(transfer.Operation)))
        {
            if (graph.Operations[dependent].Facts.Role != OperationRole.Message) continue;
            foreach (var (reader, _) in graph.DependentsOf(dependent))
            {
                if (graph.DeviceOf(reader) == transfer.Peer) return graph.Operations[dependent];
            }
        }

        return null;
    }

    private void WritePair(Operation forward, Operation backward)
    {
        json.WriteString("op", "overlapped");
        json.WriteStartObject("forward");
        WritePlace(forward);
        json.WriteEndObject();
        json.WriteStartObject("backward");
        WritePlace(backward);
        json.WriteEndObject();
        WriteTimes(forward);
    }

    private void WriteSum(int stage)
    {
        var (first, second) = ReplicaSums.OwnersOf(_problem.Placement, stage);
        json.WriteString("op", "allReduce");
        json.WriteNumber("stage", stage);
        json.WriteArray("ranks", [first, second], json.WriteNumberValue);
    }

    private void WritePlace(Operation operation)
    {
        if (_problem.Placement.Pipes > 1) json.WriteNumber("pipe", operation.Pipe);
        json.WriteNumber("stage", operation.Stage);
        json.WriteNumber("microbatch", operation.Microbatch);
        if (_problem.SliceCount > 1) json.WriteNumber("slice", operation.Slice);
        if (operation.Item is { } item) json.WriteString("item", item);
    }

    private void WriteTimes(Operation operation)
    {
        var index = timeline.Graph.IndexOf(operation);
        json.WriteNumber("start", _problem.TimeScale.FromTicks(timeline.StartOf(index)));
        json.WriteNumber("end", _problem.TimeScale.FromTicks(timeline.EndOf(index)));
    }
}
