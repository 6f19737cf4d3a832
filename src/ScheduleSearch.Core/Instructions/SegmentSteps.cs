using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions;

/// <summary>The global integer steps of a schedule: a new step where any operation starts, so that steps tell the order over all devices.</summary>
internal sealed class SegmentSteps
{
    private readonly int[] _steps;

    /// <summary>Counts the steps. Cost: that of sorting the starts.</summary>
    public SegmentSteps(Timeline timeline)
    {
        var graph = timeline.Graph;
        var lanes = new LaneSequence(timeline.Schedule);
        var starts = timeline.Starts.ToArray();
        Array.Sort(starts);
        var distinct = starts.Distinct().ToArray();
        _steps = new int[graph.Count];
        foreach (var operation in lanes.Operations)
        {
            // An operation that takes no time still takes a step, and what follows is pushed on.
            var step = Array.BinarySearch(distinct, timeline.StartOf(operation));
            var previous = lanes.PreviousOnLane(operation);
            if (previous >= 0) step = Math.Max(step, _steps[previous] + 1);
            foreach (var (dependency, _) in graph.DependenciesOf(operation)) step = Math.Max(step, _steps[dependency] + 1);
            _steps[operation] = step;
        }
    }

    /// <summary>The step of an operation, from 0: after those of all that it waits for.</summary>
    public int StepOf(int operation) => _steps[operation];
}
