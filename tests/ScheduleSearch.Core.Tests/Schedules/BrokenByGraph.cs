using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Tests.Schedules;

/// <summary>The rules that a schedule breaks by the operation graph, which the verifier does not know.</summary>
internal static class BrokenByGraph
{
    /// <summary>The rules that a schedule breaks that has all its operations on their devices; null when its pairs wait for each other in a circle.</summary>
    public static IReadOnlyList<string>? Rules(Problem problem, IReadOnlyList<IReadOnlyList<TimedOperation>> devices)
    {
        if (HasHalfAPair(devices.Select(order => order.Select(timed => timed.Operation)))) return ["overlap"];
        if (ScheduleOf(problem, devices.Select(order => order.Select(timed => timed.Operation))) is not { } schedule) return null;
        var graph = schedule.Graph;
        var times = devices.SelectMany(order => order).ToDictionary(timed => graph.IndexOf(timed.Operation));
        var lanes = devices.SelectMany(order => order).ToLookup(timed => graph.LaneOf[graph.IndexOf(timed.Operation)]);
        // The second of a pair waits for the first alone, which is next to it on their lane.
        var waits = times.Keys.Where(operation => !graph.Operations[operation].EndsPair)
            .SelectMany(operation => graph.DependenciesOf(operation).ToArray().Select(wait => (Operation: operation, For: wait.Operation, wait.Lag)));
        Dictionary<string, bool> broken = new()
        {
            ["duration"] = times.Any(timed => timed.Value.Start < 0 || timed.Value.End - timed.Value.Start != graph.Durations[timed.Key]),
            ["lane"] = lanes.Any(lane => lane.Zip(lane.Skip(1)).Any(pair => pair.Second.Start < pair.First.End)),
            ["dependency"] = waits.Any(wait => times[wait.Operation].Start < times[wait.For].End + wait.Lag),
            ["memory"] = !schedule.FitsMemory(),
        };
        return [.. broken.Where(rule => rule.Value).Select(rule => rule.Key)];
    }

    /// <summary>Whether an operation that is one of a pair does not stand beside the other.</summary>
    public static bool HasHalfAPair(IEnumerable<IEnumerable<Operation>> devices) => devices.Any(device =>
    {
        var isOpen = false;
        foreach (var operation in device)
        {
            if (isOpen != operation.EndsPair) return true;
            isOpen = operation.BeginsPair;
        }

        return isOpen;
    });

    /// <summary>The schedule of complete orders whose pairs are whole; null when the pairs wait for each other in a circle.</summary>
    public static Schedule? ScheduleOf(Problem problem, IEnumerable<IEnumerable<Operation>> devices)
    {
        try
        {
            return Schedule.Of(problem, [.. devices.Select(order => order.ToArray())]);
        }
        catch (ArgumentException circle) when (circle.Message.Contains("in a circle", StringComparison.Ordinal))
        {
            return null;
        }
    }
}
