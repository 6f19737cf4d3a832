using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Api.Agents.Answers;

/// <summary>The operations that the length of a schedule follows from, each of which starts as soon as the one before it lets it.</summary>
/// <param name="Operations">How many they are.</param>
/// <param name="Time">Their time by kind: <c>forward</c>, <c>backwardInput</c> and others.</param>
/// <param name="Communication">The time between them in which something is on its way.</param>
/// <param name="Stretches">Where they run, first to last: consecutive operations on one device are one stretch. At most the first 40.</param>
/// <param name="StretchesLeftOut">How many stretches are left out.</param>
internal sealed record PathExplanation(
    int Operations, IReadOnlyDictionary<string, decimal> Time, decimal Communication, IReadOnlyList<PathStretch> Stretches, int StretchesLeftOut)
{
    private const int MostStretches = 40;

    /// <summary>The critical path of a timeline.</summary>
    public static PathExplanation Of(Timeline timeline)
    {
        var (graph, time) = (timeline.Graph, timeline.Schedule.Problem.TimeScale);
        var steps = CriticalPath.Of(timeline);
        var stretches = PathStretch.Of(timeline, steps);
        return new PathExplanation(
            steps.Count,
            steps.GroupBy(step => graph.Operations[step.Operation].Facts.Name)
                .ToDictionary(kind => kind.Key, kind => time.FromTicks(kind.Sum(step => graph.Durations[step.Operation]))),
            time.FromTicks(steps.Sum(step => step.Lag)),
            [.. stretches.Take(MostStretches)],
            Math.Max(0, stretches.Count - MostStretches));
    }
}
