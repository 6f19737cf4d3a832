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
            foreach (var lane in timeline.Graph.LanesOf(device))
            {
                WriteName(lane);
                WriteOperations(lane, rank);
            }
        }

        foreach (var sum in GlobalOrder.Sums(timeline)) WriteSum(sum, first, end);
    }

    /// <summary>A thread is a lane; the compute lane of a rank has its number.</summary>
    private void WriteName(int lane)
    {
        Open("thread_name", "M", lane);
        json.WriteStartObject("args");
        var of = timeline.Graph.Lanes[lane];
        json.WriteString("name", string.Create(CultureInfo.InvariantCulture, $"rank {of.Device}{(of.Kind == LaneKind.Compute ? "" : $" {of.Name}")}"));
        json.WriteEndObject();
        Close();
    }

    private void WriteOperations(int lane, int? onlyRank)
    {
        var graph = timeline.Graph;
        var held = 0L;
        var order = timeline.Schedule.OrderOf(lane);
        for (var place = 0; place < order.Length; place++)
        {
            var index = order[place];
            var (operation, start, end) = (graph.Operations[index], timeline.StartOf(index), timeline.EndOf(index));
            if (operation.BeginsPair) WritePair(operation, graph.Operations[order[place + 1]], lane, start, end);
            else if (!operation.EndsPair) WriteOperation(operation, lane, start, end);
            held += graph.Acquired[index];
            if (graph.Acquired[index] != 0) WriteMemory(lane, start, held);
            held -= graph.Released[index];
            if (graph.Released[index] != 0) WriteMemory(lane, end, held);
            if (onlyRank is null) WriteArrows(index, lane, timeline.StartOf(operation.EndsPair ? order[place - 1] : index));
        }
    }

    private void WriteOperation(Operation operation, int rank, long start, long end)
    {
        OpenBox(NameOf(operation), operation.Kind.Facts().Name, rank, start, end);
        WritePlace("args", operation);
        Close();
    }

    private void WritePair(Operation forward, Operation backward, int rank, long start, long end)
    {
        OpenBox($"{NameOf(forward)} {NameOf(backward)}", "overlapped", rank, start, end);
        json.WriteStartObject("args");
        WritePlace("forward", forward);
        WritePlace("backward", backward);
        json.WriteEndObject();
        Close();
    }

    private void OpenBox(string name, string category, int rank, long start, long end)
    {
        Open(name, "X", rank);
        json.WriteString("cat", category);
        json.WriteNumber("ts", Microseconds(start));
        json.WriteNumber("dur", Microseconds(end - start));
    }

    private void WritePlace(string member, Operation operation)
    {
        json.WriteStartObject(member);
        if (_problem.Placement.Pipes > 1) json.WriteNumber("pipe", operation.Pipe);
        json.WriteNumber("stage", operation.Stage);
        json.WriteNumber("microbatch", operation.Microbatch);
        if (_problem.SliceCount > 1) json.WriteNumber("slice", operation.Slice);
        if (operation.Item is { } item) json.WriteString("item", item);
        json.WriteEndObject();
    }

    /// <summary>A mark on each of the ranks that sum a stage's gradients over both pipes.</summary>
    private void WriteSum(Moment sum, int first, int end)
    {
        var stage = timeline.Graph.Operations[sum.Operation].Stage;
        for (var rank = first; rank < end; rank++)
        {
            if (ReplicaSums.PartnerOf(_problem.Placement, stage, rank) is not { } partner) continue;
            Open(string.Create(CultureInfo.InvariantCulture, $"all-reduce {stage}"), "i", rank);
            json.WriteString("cat", "allReduce");
            json.WriteString("s", "t");
            json.WriteNumber("ts", Microseconds(sum.Time));
            json.WriteStartObject("args");
            json.WriteNumber("stage", stage);
            json.WriteNumber("with", partner);
            json.WriteEndObject();
            Close();
        }
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
    private void WriteArrows(int index, int lane, long start)
    {
        foreach (var (dependent, _) in timeline.Graph.DependentsOf(index))
        {
            var to = timeline.Graph.LaneOf[dependent];
            // What the backward of a pair waits for, its forward waits for too, and that is where the box begins.
            if (to == lane || timeline.Graph.Operations[dependent].EndsPair) continue;
            WriteArrow("s", lane, index, start);
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

    private string NameOf(Operation operation) => $"{(operation.Item is { } item ? $"{item} " : operation.Facts.Letter)}{TurnText.Of(operation, _problem)}";
}
