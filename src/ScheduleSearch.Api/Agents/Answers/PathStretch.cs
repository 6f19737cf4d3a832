using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Api.Agents.Answers;

/// <summary>Consecutive operations of a critical path on one device.</summary>
/// <param name="Device">The device, from 0.</param>
/// <param name="First">The first of them, such as <c>forward stage 0 microbatch 0</c>.</param>
/// <param name="Last">The last of them.</param>
/// <param name="Operations">How many they are.</param>
/// <param name="Start">The start of the first.</param>
/// <param name="End">The end of the last.</param>
internal sealed record PathStretch(int Device, string First, string Last, int Operations, decimal Start, decimal End)
{
    /// <summary>The stretches of a path, first to last.</summary>
    public static IReadOnlyList<PathStretch> Of(Timeline timeline, IReadOnlyList<CriticalStep> steps)
    {
        var (graph, time) = (timeline.Graph, timeline.Schedule.Problem.TimeScale);
        var stretches = new List<PathStretch>();
        foreach (var operation in steps.Select(step => step.Operation).Where(operation => graph.LaneOf[operation] != OperationGraph.NoLane))
        {
            var (device, name, end) = (graph.DeviceOf(operation), NameOf(graph.Operations[operation]), time.FromTicks(timeline.EndOf(operation)));
            if (stretches is [.., var current] && current.Device == device)
                stretches[^1] = current with { Last = name, Operations = current.Operations + 1, End = end };
            else stretches.Add(new PathStretch(device, name, name, 1, time.FromTicks(timeline.StartOf(operation)), end));
        }

        return stretches;
    }

    private static string NameOf(Operation operation) => operation.Item is { } item
        ? $"{operation.Facts.Name} {item} piece {operation.Microbatch}"
        : $"{operation.Facts.Name} stage {operation.Stage} microbatch {operation.Microbatch}";
}
