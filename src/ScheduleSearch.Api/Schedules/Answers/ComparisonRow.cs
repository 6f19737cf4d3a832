using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>What one family, or the search, makes of a profile, in the profile's own units.</summary>
/// <param name="Name">The family's name, or the method that found the searched schedule.</param>
/// <param name="Kind"><c>family</c>, <c>search</c>, or <c>own</c> for the order that somebody sent.</param>
/// <param name="Admitted">Whether the profile meets the family's conditions.</param>
/// <param name="Reason">What the profile must change to admit the family.</param>
/// <param name="Status">The state of the search.</param>
/// <param name="Makespan">Last end minus first start over all devices.</param>
/// <param name="Span">The largest device span.</param>
/// <param name="BubbleRatio">1 - (busy time of the busiest device) / objective.</param>
/// <param name="PeakMemory">The most activation memory that each device holds at once.</param>
/// <param name="Fits">Whether no device holds more than its limit.</param>
/// <param name="WeightMemory">The memory of the weights on each device, where the profile states it.</param>
/// <param name="MeanIdle">1 - (busy time of all devices) / (devices x objective): the idle share of all device time.</param>
/// <param name="ChangesTrainingResult">Whether training so ends in other weights: never for a schedule.</param>
internal sealed record ComparisonRow(
    string Name, string Kind, bool Admitted, string? Reason = null, string? Status = null, decimal? Makespan = null, decimal? Span = null,
    double? BubbleRatio = null, IReadOnlyList<decimal>? PeakMemory = null, bool? Fits = null,
    IEnumerable<decimal>? WeightMemory = null, double? MeanIdle = null, bool ChangesTrainingResult = false)
{
    public static ComparisonRow Of(IScheduleFamily family, Problem problem)
    {
        var why = FamilyCatalogue.WhyNot(family, problem);
        var row = new ComparisonRow(family.Name, "family", Admitted: why is null, why);
        return why is null ? row.With(problem, ScheduleMetrics.Of(Replay.Run(family.ScheduleOf(problem)))) : row;
    }

    public static ComparisonRow Of(Problem problem, StoredSchedule searched, ScheduleMetrics? metrics)
    {
        var row = new ComparisonRow(searched.Result.Method ?? "search", searched.IsOwn ? "own" : "search", Admitted: true, Status: searched.Status);
        return metrics is null ? row : row.With(problem, metrics);
    }

    /// <summary>The row of a family that a runtime cannot run: without figures, and with the reason.</summary>
    public ComparisonRow Without(string reason) => new(Name, Kind, Admitted: false, reason);

    private ComparisonRow With(Problem problem, ScheduleMetrics metrics) => this with
    {
        Makespan = problem.TimeScale.FromTicks(metrics.Makespan),
        Span = problem.TimeScale.FromTicks(metrics.Span),
        BubbleRatio = metrics.BubbleRatio,
        MeanIdle = metrics.MeanIdleRatio,
        PeakMemory = [.. metrics.PeakMemory.Select(problem.MemoryScale.FromTicks)],
        Fits = metrics.PeakMemory.Select((peak, device) => peak <= problem.LimitOf(device)).All(fits => fits),
        // A row is kept longer than its problem.
        WeightMemory = ScheduleResult.WeightsOf(problem)?.ToList(),
    };
}
