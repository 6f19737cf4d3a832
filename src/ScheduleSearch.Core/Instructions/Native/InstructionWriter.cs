using System.Collections.Immutable;
using System.Text.Json;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Native;

/// <summary>
/// Writes the instructions of the native format. A pipe is named where there are two, a slice where there are several, and of a piece of other work its item.
/// What has times has its slack and its priority too.
/// </summary>
internal sealed class InstructionWriter
{
    private readonly Utf8JsonWriter _json;
    private readonly Timeline _timeline;
    private readonly Problem _problem;
    private readonly ImmutableArray<long> _slack;
    private readonly ImmutableArray<long> _priorities;

    /// <summary>Cost: linear in the operations and dependencies.</summary>
    public InstructionWriter(Utf8JsonWriter json, Timeline timeline)
    {
        (_json, _timeline, _problem) = (json, timeline, timeline.Schedule.Problem);
        var slack = new OperationSlack(timeline);
        (_slack, _priorities) = (slack.Ticks, slack.Priorities());
    }

    /// <summary>Writes an instruction, or the two of a pair as one.</summary>
    public void Write((Instruction First, Instruction? Second) group)
    {
        var (instruction, second) = group;
        _json.WriteStartObject();
        if (second is { } backward) WritePair(instruction.Operation, backward.Operation);
        else if (instruction.Kind == InstructionKind.AllReduce) WriteSum(instruction.Operation.Stage);
        else if (instruction.Kind == InstructionKind.Compute) WriteOperation(instruction.Operation);
        else WriteTransfer(instruction);
        _json.WriteEndObject();
    }

    private void WriteOperation(Operation operation)
    {
        _json.WriteString("op", operation.Kind.Facts().Name);
        WritePlace(operation);
        WriteTimes(operation);
    }

    private void WriteTransfer(Instruction transfer)
    {
        _json.WriteString("op", transfer.Kind == InstructionKind.Send ? "send" : "receive");
        _json.WriteNumber("peer", transfer.Peer);
        _json.WriteString("what", transfer.Payload);
        WritePlace(transfer.Operation);
        if (transfer.Kind == InstructionKind.Send && MessageOf(transfer) is { } message) WriteTimes(message);
    }

    /// <summary>The operation that carries the result of another to a rank, where that takes a lane; null where it is latency alone.</summary>
    private Operation? MessageOf(Instruction transfer)
    {
        var graph = _timeline.Graph;
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
        _json.WriteString("op", "overlapped");
        _json.WriteStartObject("forward");
        WritePlace(forward);
        _json.WriteEndObject();
        _json.WriteStartObject("backward");
        WritePlace(backward);
        _json.WriteEndObject();
        WriteTimes(forward, backward);
    }

    private void WriteSum(int stage)
    {
        var (first, second) = ReplicaSums.OwnersOf(_problem.Placement, stage);
        _json.WriteString("op", "allReduce");
        _json.WriteNumber("stage", stage);
        _json.WriteArray("ranks", [first, second], _json.WriteNumberValue);
    }

    private void WritePlace(Operation operation)
    {
        if (_problem.Placement.Pipes > 1) _json.WriteNumber("pipe", operation.Pipe);
        _json.WriteNumber("stage", operation.Stage);
        _json.WriteNumber("microbatch", operation.Microbatch);
        if (_problem.SliceCount > 1) _json.WriteNumber("slice", operation.Slice);
        if (operation.Item is { } item) _json.WriteString("item", item);
    }

    /// <summary>The times of an operation, or of the two of a pair, which begin and end together.</summary>
    private void WriteTimes(Operation operation, Operation? second = null)
    {
        var index = _timeline.Graph.IndexOf(operation);
        var other = second is { } backward ? _timeline.Graph.IndexOf(backward) : index;
        _json.WriteNumber("start", _problem.TimeScale.FromTicks(_timeline.StartOf(index)));
        _json.WriteNumber("end", _problem.TimeScale.FromTicks(_timeline.EndOf(index)));
        _json.WriteNumber("slack", _problem.TimeScale.FromTicks(Math.Min(_slack[index], _slack[other])));
        _json.WriteNumber("priority", _problem.TimeScale.FromTicks(Math.Max(_priorities[index], _priorities[other])));
    }
}
