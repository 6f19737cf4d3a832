using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Schedules;

/// <summary>The times that follow from a schedule's order, or that a run had in that order, in ticks from the first start.</summary>
public sealed class Timeline
{
    private readonly long[] _starts;

    internal Timeline(Schedule schedule, long[] starts)
    {
        Schedule = schedule;
        _starts = starts;
        (Id, Name) = (schedule.Problem.Id, schedule.Problem.Profile.Name);
    }

    /// <summary>The order that was replayed.</summary>
    public Schedule Schedule { get; }

    /// <summary>The id under which streams and pictures name the schedule: its problem's, unless it is answered under another.</summary>
    public string Id { get; private init; }

    /// <summary>What pictures call the schedule: its profile's name, unless somebody calls it otherwise; null for nothing.</summary>
    public string? Name { get; private init; }

    /// <summary>Whether other lanes have become lags: see <see cref="OnDevices"/>.</summary>
    public bool IsOnDevicesAlone { get; private init; }

    /// <summary>Whether the times are those of a run, which follow from more than the order.</summary>
    public bool IsRecorded { get; init; }

    /// <summary>The operations that were replayed.</summary>
    public OperationGraph Graph => Schedule.Graph;

    /// <summary>The start of each operation, by index.</summary>
    public ReadOnlySpan<long> Starts => _starts;

    /// <summary>The start of an operation.</summary>
    public long StartOf(int operation) => _starts[operation];

    /// <summary>The end of an operation.</summary>
    public long EndOf(int operation) => _starts[operation] + Graph.Durations[operation];

    /// <summary>Whether all that has to be done in time is.</summary>
    public bool KeepsDeadlines
    {
        get
        {
            foreach (var date in Graph.DueDates)
            {
                if (EndOf(date.Operation) > date.End) return false;
            }

            return true;
        }
    }

    /// <summary>The same times, answered under an id: see <see cref="AskedSchedule.Id"/>.</summary>
    public Timeline AnsweredUnder(string id) =>
        id == Id ? this : Named(id, Name);

    /// <summary>The same times under another name, or none.</summary>
    public Timeline Called(string? name) => name == Name ? this : Named(Id, name);

    /// <summary>The problem with other orders on its devices, replayed; on the devices alone where this timeline is.</summary>
    /// <param name="devices">For each device the operations of its compute lane, first to last.</param>
    public Timeline WithOrders(IReadOnlyList<IReadOnlyList<Operation>> devices)
    {
        var replayed = Replay.Run(Schedule.Of(Schedule.Problem, devices)).AnsweredUnder(Id).Called(Name);
        return IsOnDevicesAlone ? replayed.OnDevices() : replayed;
    }

    /// <summary>
    /// The same times on the devices alone: what other lanes do, and barriers on none, has become lags. The same timeline when there is nothing else.
    /// </summary>
    public Timeline OnDevices()
    {
        var kept = DeviceSelection.KeepCompute(Graph);
        if (kept == Graph) return this;
        var orders = Enumerable.Range(0, kept.Lanes.Count)
            .Select(lane => lane < Graph.Problem.Devices
                ? Schedule.OrderOf(lane).ToArray().Select(operation => kept.IndexOf(Graph.Operations[operation])).ToArray()
                : [])
            .ToList();
        var starts = new long[kept.Count];
        for (var operation = 0; operation < starts.Length; operation++) starts[operation] = StartOf(Graph.IndexOf(kept.Operations[operation]));
        return new Timeline(new Schedule(kept, orders), starts) { Id = Id, Name = Name, IsOnDevicesAlone = true, IsRecorded = IsRecorded };
    }

    private Timeline Named(string id, string? name) =>
        new(Schedule, _starts) { Id = id, Name = name, IsOnDevicesAlone = IsOnDevicesAlone, IsRecorded = IsRecorded };
}
