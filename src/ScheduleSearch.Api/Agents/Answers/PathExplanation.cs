using ScheduleSearch.Api.Schedules.Answers;

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

    /// <summary>What is said of a critical path.</summary>
    public static PathExplanation Of(CriticalPathAnswer path)
    {
        var stretches = PathStretch.Of(path.Operations);
        return new PathExplanation(
            path.Operations.Count, path.Time, path.Communication, [.. stretches.Take(MostStretches)], Math.Max(0, stretches.Count - MostStretches));
    }
}
