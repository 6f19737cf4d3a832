using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>A step of a run as timelines that go on one axis.</summary>
/// <param name="Recorded">As it was recorded; operations of a rank that overlap stand one after the other.</param>
/// <param name="OwnDurations">Its order replayed with its own durations.</param>
/// <param name="Medians">Its order replayed with the profile's durations.</param>
public sealed record StepTimelines(Timeline Recorded, Timeline OwnDurations, Timeline Medians)
{
    /// <summary>Ticks that a step may take: half of what they may add up to, so that no sum of them goes beyond whole numbers.</summary>
    private const double MostTicks = 1L << 59;

    /// <summary>The timelines of a step. Cost: linear in its operations.</summary>
    /// <param name="problem">The imported profile as a problem whose objective is the makespan.</param>
    /// <param name="step">One of its steps.</param>
    /// <exception cref="DeadlockException">The operations cannot have been carried out in the order in which they are recorded.</exception>
    /// <exception cref="InvalidProfileException">The step takes too long beside the profile's durations for one scale of times.</exception>
    public static StepTimelines Of(Problem problem, TracedStep step)
    {
        var fine = problem.InTicksOfMeasurements();
        var tick = (double)fine.TimeScale.FromTicks(1);
        if (Math.Max(step.Length, step.Operations.Sum(operation => operation.Duration)) / tick > MostTicks)
            throw new InvalidProfileException([new("$.show", "Asks for a step that takes far too long beside the others.", ProfileErrorKind.Impossible)]);
        var medians = new StepReplay(fine, step).Schedule;
        var measured = step.Operations.ToDictionary(StepReplay.OperationOf);
        var graph = OperationGraph.Build(fine, medians.Graph.Selection, operation => Ticks(measured[operation].Duration));
        var own = new Schedule(graph, [.. Enumerable.Range(0, graph.Lanes.Count).Select(lane =>
            medians.OrderOf(lane).ToArray().Select(operation => graph.IndexOf(medians.Graph.Operations[operation])).ToArray())]);
        return new(new Timeline(own, Starts()) { IsRecorded = true }, Replay.Run(own), Replay.Run(medians));

        long Ticks(double milliseconds) => (long)Math.Round(milliseconds / tick);

        long[] Starts()
        {
            var starts = new long[graph.Count];
            for (var lane = 0; lane < graph.Lanes.Count; lane++)
            {
                var free = 0L;
                foreach (var operation in own.OrderOf(lane))
                {
                    starts[operation] = Math.Max(free, Ticks(measured[graph.Operations[operation]].Start - step.Operations[0].Start));
                    free = starts[operation] + graph.Durations[operation];
                }
            }

            return starts;
        }
    }
}
