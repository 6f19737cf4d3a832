using System.Text.Json;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>
/// The members of a timeline by columns: what stands around the operations, then the columns. Operations are listed lane by lane, each lane's in their
/// order, and named by their place in this list.
/// </summary>
internal sealed class TimelineDocument
{
    private readonly Timeline _timeline;
    private readonly Problem _problem;
    private readonly Utf8JsonWriter _json;
    private readonly IReadOnlyList<int> _devices;
    private readonly IReadOnlyList<int> _lanes;
    private readonly TimelineColumns _columns;
    private readonly StartReasons _reasons;

    /// <param name="timeline">The schedule with its times.</param>
    /// <param name="rank">One device only; null for all.</param>
    /// <param name="json">An object that is open.</param>
    public TimelineDocument(Timeline timeline, int? rank, Utf8JsonWriter json)
    {
        (_timeline, _problem, _json) = (timeline, timeline.Schedule.Problem, json);
        _devices = rank is { } one ? [one] : [.. Enumerable.Range(0, _problem.Devices)];
        _lanes = [.. _devices.SelectMany(timeline.Graph.LanesOf)];
        _reasons = new StartReasons(timeline);
        _columns = new TimelineColumns(timeline, _reasons, Listed(), json);
    }

    /// <summary>Writes the members. Cost: linear in the operations.</summary>
    public void Write()
    {
        if (_timeline.Name is { } name) _json.WriteString("name", name);
        if (_timeline.IsRecorded) _json.WriteBoolean("recorded", true);
        _json.WriteNumber("devices", _problem.Devices);
        _json.WriteNumber("pipes", _problem.Placement.Pipes);
        _json.WriteNumber("slices", _problem.SliceCount);
        WriteChunks();
        _json.WriteArray("lanes", _lanes, WriteLane);
        _columns.WriteKinds();
        _columns.WriteItems();
        WritePhases();
        WriteLimits();
        WriteSums();
        var critical = CriticalPath.Of(_timeline, _reasons).Select(step => _columns.PlaceOf(step.Operation)).Where(place => place >= 0);
        _json.WriteArray("critical", critical, _json.WriteNumberValue);
        _columns.Write();
    }

    /// <summary>The operations of the lanes, then those on no lane.</summary>
    private List<int> Listed()
    {
        var listed = new List<int>(_timeline.Graph.Count);
        foreach (var lane in _lanes) listed.AddRange(_timeline.Schedule.OrderOf(lane));
        if (_devices.Count < _problem.Devices) return listed;
        for (var operation = 0; operation < _timeline.Graph.Count; operation++)
        {
            if (_timeline.Graph.LaneOf[operation] == OperationGraph.NoLane) listed.Add(operation);
        }

        return listed;
    }

    /// <summary>For each pipe the place of each stage among those of its device, by which its colours are shaded.</summary>
    private void WriteChunks()
    {
        var placement = _problem.Placement;
        _json.WriteArray("chunksOfStages", Enumerable.Range(0, placement.Pipes), pipe => _json.WriteArray(
            Enumerable.Range(0, _problem.Stages),
            stage => _json.WriteNumberValue(placement.StagesOn(placement.DeviceOf(pipe, stage)).IndexOf(new(pipe, stage)))));
    }

    private void WriteLane(int lane)
    {
        var of = _timeline.Graph.Lanes[lane];
        _json.WriteStartObject();
        _json.WriteNumber("device", of.Device);
        _json.WriteString("name", LaneText.Of(of));
        _json.WriteBoolean("isCompute", _timeline.Graph.IsCompute(lane));
        _json.WriteNumber("operations", _timeline.Schedule.OrderOf(lane).Length);
        _json.WriteEndObject();
    }

    private void WritePhases()
    {
        var metrics = ScheduleMetrics.Of(_timeline);
        var analysis = IdleAnalysis.Of(_timeline, metrics);
        _json.WriteNumber("meanIdle", metrics.MeanIdleRatio);
        _json.WriteString("limitedBy", analysis.LimitedBy);
        _json.WriteArray("phases", _devices, device =>
        {
            var (phases, idle, causes) = (metrics.Phases[device], metrics.Idle[device], analysis.Devices[device]);
            _json.WriteStartObject();
            _json.WriteNumber("begin", Time(phases.Begin));
            _json.WriteNumber("steady", Time(phases.Steady));
            _json.WriteNumber("coolDown", Time(phases.CoolDown));
            _json.WriteNumber("end", Time(phases.End));
            _json.WriteStartObject("idle");
            _json.WriteNumber("warmUp", Time(idle.WarmUp));
            _json.WriteNumber("steady", Time(idle.Steady));
            _json.WriteNumber("coolDown", Time(idle.CoolDown));
            _json.WriteEndObject();
            WriteCauses(causes);
            _json.WriteEndObject();
        });
    }

    private void WriteCauses(IdleCauses causes)
    {
        _json.WriteStartObject("causes");
        _json.WriteNumber("warmUp", Time(causes.WarmUp));
        _json.WriteNumber("coolDown", Time(causes.CoolDown));
        _json.WriteNumber("input", Time(causes.Input));
        _json.WriteNumber("communication", Time(causes.Communication));
        _json.WriteNumber("memory", Time(causes.Memory));
        _json.WriteNumber("lessWork", Time(causes.LessWork));
        _json.WriteEndObject();
    }

    private void WriteLimits()
    {
        if (_problem.Limit.IsEmpty) return;
        _json.WriteArray("limits", _devices, device => _json.WriteNumberValue(_problem.MemoryScale.FromTicks(_problem.LimitOf(device))));
    }

    /// <summary>Where the gradients of each stage are summed over two pipes.</summary>
    private void WriteSums()
    {
        var sums = GlobalOrder.Sums(_timeline);
        if (sums.Count == 0) return;
        _json.WriteArray("sums", sums, sum =>
        {
            var stage = _timeline.Graph.Operations[sum.Operation].Stage;
            var (first, second) = ReplicaSums.OwnersOf(_problem.Placement, stage);
            _json.WriteStartObject();
            _json.WriteNumber("stage", stage);
            _json.WriteNumber("time", Time(sum.Time));
            _json.WriteArray("devices", new[] { first, second }.Distinct(), _json.WriteNumberValue);
            _json.WriteEndObject();
        });
    }

    private decimal Time(long ticks) => _problem.TimeScale.FromTicks(ticks);
}
