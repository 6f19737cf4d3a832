using System.Globalization;
using System.Text.Json;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>The events of a trace: times in microseconds, as the format wants them.</summary>
internal sealed class TraceEvents(Timeline timeline, Utf8JsonWriter json)
{
    private const int FlushAfter = 1 << 16;

    private readonly Problem _problem = timeline.Schedule.Problem;
    private readonly decimal _microseconds = timeline.Schedule.Problem.Profile.Times.Unit switch
    {
        TimeUnit.s => 1_000_000,
        TimeUnit.ms => 1_000,
        _ => 1,
    };

    /// <summary>Writes the events of one rank or of all.</summary>
    public void Write(int? rank)
    {
        var (first, end) = rank is { } one ? (one, one + 1) : (0, _problem.Devices);
        for (var device = first; device < end; device++)
        {
            WriteName(device);
            WriteOperations(device, rank);
        }
    }

    private void WriteName(int rank)
    {
        Open("thread_name", "M", rank);
        json.WriteStartObject("args");
        json.WriteString("name", string.Create(CultureInfo.InvariantCulture, $"rank {rank}"));
        json.WriteEndObject();
        Close();
    }

    private void WriteOperations(int rank, int? onlyRank)
    {
        var graph = timeline.Graph;
        var held = 0L;
        foreach (var index in timeline.Schedule.OrderOf(rank))
        {
            var (start, end) = (timeline.StartOf(index), timeline.EndOf(index));
            WriteOperation(graph.Operations[index], rank, start, end);
            held += graph.Acquired[index];
            if (graph.Acquired[index] != 0) WriteMemory(rank, start, held);
            held -= graph.Released[index];
            if (graph.Released[index] != 0) WriteMemory(rank, end, held);
            if (onlyRank is null) WriteArrows(index, rank);
        }
    }

    private void WriteOperation(Operation operation, int rank, long start, long end)
    {
        Open(string.Create(CultureInfo.InvariantCulture, $"{Letter(operation.Kind)}{operation.Microbatch}"), "X", rank);
        json.WriteString("cat", OperationNames.Of(operation.Kind));
        json.WriteNumber("ts", Microseconds(start));
        json.WriteNumber("dur", Microseconds(end - start));
        json.WriteStartObject("args");
        if (_problem.Placement.Pipes > 1) json.WriteNumber("pipe", operation.Pipe);
        json.WriteNumber("stage", operation.Stage);
        json.WriteNumber("microbatch", operation.Microbatch);
        json.WriteEndObject();
        Close();
    }

    private void WriteMemory(int rank, long time, long held)
    {
        Open(string.Create(CultureInfo.InvariantCulture, $"memory of rank {rank}"), "C", rank);
        json.WriteNumber("ts", Microseconds(time));
        json.WriteStartObject("args");
        json.WriteNumber((_problem.Profile.Memory?.Unit ?? MemoryUnit.MiB).ToString(), _problem.MemoryScale.FromTicks(held));
        json.WriteEndObject();
        Close();
    }

    /// <summary>From within the operation to the start of each that waits for it on another rank: an arrow binds to the box around its point.</summary>
    private void WriteArrows(int index, int rank)
    {
        foreach (var (dependent, _) in timeline.Graph.DependentsOf(index))
        {
            var to = timeline.Graph.DeviceOf(dependent);
            if (to == rank) continue;
            WriteArrow("s", rank, index, timeline.StartOf(index));
            WriteArrow("f", to, index, timeline.StartOf(dependent));
        }
    }

    private void WriteArrow(string phase, int rank, int id, long time)
    {
        Open("message", phase, rank);
        json.WriteString("cat", "message");
        json.WriteNumber("id", id);
        if (phase == "f") json.WriteString("bp", "e");
        json.WriteNumber("ts", Microseconds(time));
        Close();
    }

    private void Open(string name, string phase, int rank)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("ph", phase);
        json.WriteNumber("pid", 0);
        json.WriteNumber("tid", rank);
    }

    private void Close()
    {
        json.WriteEndObject();
        if (json.BytesPending > FlushAfter) json.Flush();
    }

    private decimal Microseconds(long ticks) => _problem.TimeScale.FromTicks(ticks) * _microseconds;

    private static char Letter(OperationKind kind) => kind switch
    {
        OperationKind.Forward => 'F',
        OperationKind.BackwardInput => 'I',
        OperationKind.BackwardWeight => 'W',
        _ => 'B',
    };
}
