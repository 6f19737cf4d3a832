using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Bounds;

namespace ScheduleSearch.Api.Schedules.Problems;

/// <summary>A choice is answered by the schedule of the alternative that leads.</summary>
/// <param name="stored">The choice.</param>
/// <param name="store">Where its alternatives are.</param>
/// <param name="cache">What it is answered from.</param>
/// <param name="isTrusted">Whether an alternative passes a check; one that does not is searched anew.</param>
internal sealed class AnsweredChoice(
    StoredChoice stored, ScheduleStore store, ScheduleCache cache, Func<StoredSchedule, Task, Task<bool>> isTrusted) : IAnswered
{
    /// <inheritdoc/>
    public Task CheckAsync(CancellationToken cancellation) => cache.ChoiceOfAsync(stored, cancellation);

    /// <inheritdoc/>
    public async Task<ScheduleView> ViewAsync(bool withDevices, CancellationToken cancellation)
    {
        var standing = await StandingAsync(cancellation);
        var version = stored.Version with
        {
            Revision = stored.Version.Revision + standing.Alternatives.Sum(alternative => alternative.Stored?.Version.Revision ?? 0),
        };
        var reached = standing.IsOptimal ? ScheduleStatus.Optimal : ScheduleStatus.Feasible;
        var status = stored.IsUnfinished || standing.Leader is null ? stored.Status : reached;
        var result = await cache.ResultOfAsync(stored, version, standing, withDevices, cancellation);
        ProvedTime? bound = standing.Leader is null ? null : standing.Bound;
        return new ScheduleView(stored, standing.Leader?.Stored, version, status, reached, bound?.Time, bound?.Name, result);
    }

    /// <inheritdoc/>
    public async Task<(StoredSchedule Stored, bool IsFinal)> FindScheduleAsync(CancellationToken cancellation)
    {
        var standing = await StandingAsync(cancellation);
        // Among equal alternatives another may come to lead.
        return (standing.Leader?.Stored ?? (StoredSchedule)stored, false);
    }

    private async Task<ChoiceStanding> StandingAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var standing = await ChoiceStanding.ReadAsync(store, await cache.ChoiceOfAsync(stored, cancellation), cancellation);
            var trusted = true;
            // Of those that do not lead, figures are all that is answered.
            foreach (var alternative in standing.Alternatives.Select(alternative => alternative.Stored).OfType<StoredProblem>())
                trusted &= await isTrusted(alternative, cache.MetricsOfAsync(alternative, cancellation));
            if (trusted) return standing;
        }
    }
}
