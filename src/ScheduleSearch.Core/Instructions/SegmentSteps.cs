using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions;

/// <summary>The global integer steps of a schedule: a new step where any operation starts, so that steps tell the order over all devices.</summary>
internal sealed class SegmentSteps
{
    private readonly int[] _steps;
    private readonly int[] _spans;

    /// <summary>Counts the steps. Cost: that of sorting the starts.</summary>
    public SegmentSteps(Timeline timeline)
    {
        var graph = timeline.Graph;
        var lanes = new LaneSequence(timeline.Schedule);
        var starts = timeline.Starts.ToArray();
        Array.Sort(starts);
        var distinct = starts.Distinct().ToArray();
        (_steps, _spans) = (new int[graph.Count], new int[graph.Count]);
        var bounds = new int[graph.Count];
        Array.Fill(bounds, int.MaxValue);
        foreach (var operation in lanes.Operations)
        {
            // An operation that takes no time still takes a step, and what follows is pushed on.
            var step = Array.BinarySearch(distinct, timeline.StartOf(operation));
            var previous = lanes.PreviousOnLane(operation);
            if (previous >= 0) step = Math.Max(step, _steps[previous] + 1);
            foreach (var (dependency, _) in graph.DependenciesOf(operation)) step = Math.Max(step, _steps[dependency] + 1);
            _steps[operation] = step;
            if (previous >= 0) bounds[previous] = Math.Min(bounds[previous], step);
            foreach (var (dependency, _) in graph.DependenciesOf(operation)) bounds[dependency] = Math.Min(bounds[dependency], step);
        }

        for (var operation = 0; operation < _spans.Length; operation++)
        {
            var end = Array.BinarySearch(distinct, timeline.EndOf(operation));
            var length = (end < 0 ? ~end : end) - _steps[operation];
            _spans[operation] = Math.Clamp(length, 1, bounds[operation] - _steps[operation]);
        }
    }

    /// <summary>The step at which an operation starts, from 0.</summary>
    public int StepOf(int operation) => _steps[operation];

    /// <summary>The steps that it takes, at least 1: the last one is before anything that waits for it.</summary>
    public int SpanOf(int operation) => _spans[operation];
}
