using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions;

/// <summary>Pairs that overlap, for runtimes that know none: a forward and then a backward, which together may take longer than the pair.</summary>
internal static class Unpaired
{
    /// <summary>The timeline with the two of every pair one after the other, replayed: its times are those of what such a runtime does.</summary>
    public static Timeline Of(Timeline timeline)
    {
        if (!HasPairs(timeline)) return timeline;
        var schedule = timeline.Schedule;
        return timeline.WithOrders(
            [.. Enumerable.Range(0, schedule.Problem.Devices).Select(device => schedule.OperationsOn(device).Select(operation => operation.Alone).ToList())]);
    }

    /// <summary>Whether a schedule has overlapped pairs.</summary>
    public static bool HasPairs(Timeline timeline)
    {
        foreach (var operation in timeline.Graph.Operations)
        {
            if (operation.BeginsPair) return true;
        }

        return false;
    }
}
