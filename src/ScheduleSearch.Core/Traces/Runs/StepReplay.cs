using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>A step's order as a schedule of the imported profile, replayed with the step's durations or the profile's.</summary>
public sealed class StepReplay
{
    private readonly TracedStep _step;
    private readonly LaneSequence _lanes;
    private readonly OperationGraph _graph;

    /// <summary>Cost: linear in the operations.</summary>
    /// <param name="problem">The imported profile as a problem whose objective is the makespan.</param>
    /// <param name="step">One of its steps.</param>
    /// <exception cref="DeadlockException">The operations cannot have been carried out in the order in which they are recorded.</exception>
    public StepReplay(Problem problem, TracedStep step)
    {
        _step = step;
        var ranks = step.ByRank.Select(rank => rank.Key).Order().ToArray();
        Schedule = Schedule.Of(problem, [.. ranks.Select(rank => step.ByRank[rank].Select(OperationOf).ToArray())]);
        (_lanes, _graph) = (new LaneSequence(Schedule), Schedule.Graph);
    }

    /// <summary>The order that the step had.</summary>
    public Schedule Schedule { get; }

    /// <summary>Milliseconds of the order with the profile's durations.</summary>
    public double WithMedians() => LengthOf(_lanes, operation => _graph.Durations[operation]) * Tick(Schedule.Problem);

    /// <summary>Milliseconds of the order with the step's own durations.</summary>
    public double WithOwnDurations() => WithDurationsOf(_step);

    /// <summary>Milliseconds of the order with the durations that each microbatch has in another step.</summary>
    public double WithDurationsOf(TracedStep step) => Length(Schedule, step);

    /// <summary>
    /// Milliseconds of any order of the problem with the durations that each microbatch has in a step; what is fused there and split here is divided as the
    /// profile has it.
    /// </summary>
    public static double Length(Schedule schedule, TracedStep step)
    {
        var (problem, graph) = (schedule.Problem, schedule.Graph);
        var tick = Tick(problem);
        var measured = step.Operations.ToDictionary(OperationOf, operation => operation.Duration / tick);
        return LengthOf(new LaneSequence(schedule), DurationOf) * tick;

        double DurationOf(int index)
        {
            var operation = graph.Operations[index];
            if (measured.TryGetValue(operation, out var duration)) return duration;
            var (input, weight) = (Part(OperationKind.BackwardInput), Part(OperationKind.BackwardWeight));
            if (operation.Kind == OperationKind.Backward) return measured[input] + measured[weight];
            var whole = measured[Part(OperationKind.Backward)];
            var share = problem.BackwardInput[operation.Stage] + problem.BackwardWeight[operation.Stage];
            return share == 0 ? 0 : whole * graph.Durations[index] / share;

            Operation Part(OperationKind kind) => operation with { Kind = kind };
        }
    }

    /// <summary>An operation of a run as one of the problem.</summary>
    internal static Operation OperationOf(TracedOperation traced) => new(traced.Kind, 0, traced.Stage, traced.Microbatch);

    private static double Tick(Problem problem) => (double)problem.TimeScale.FromTicks(1);

    private static double LengthOf(LaneSequence lanes, Func<int, double> durationOf)
    {
        var graph = lanes.Schedule.Graph;
        var (ends, last) = (new double[graph.Count], 0.0);
        foreach (var operation in lanes.Operations)
        {
            var start = lanes.PreviousOnLane(operation) is >= 0 and var previous ? ends[previous] : 0;
            foreach (var (dependency, lag) in graph.DependenciesOf(operation)) start = Math.Max(start, ends[dependency] + lag);
            ends[operation] = start + durationOf(operation);
            last = Math.Max(last, ends[operation]);
        }

        return last;
    }
}
