using ScheduleSearch.Api.Schedules.Answers;

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
    public static IReadOnlyList<PathStretch> Of(IReadOnlyList<CriticalOperation> path)
    {
        var stretches = new List<PathStretch>();
        foreach (var step in path)
        {
            if (stretches is [.., var current] && current.Device == step.Device)
                stretches[^1] = current with { Last = step.Name, Operations = current.Operations + 1, End = step.Operation.End };
            else stretches.Add(new PathStretch(step.Device, step.Name, step.Name, 1, step.Operation.Start, step.Operation.End));
        }

        return stretches;
    }
}
