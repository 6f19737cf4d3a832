using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Schedules.Documents;

/// <summary>What is answered of a row, whether it has a schedule of its own or points to one.</summary>
/// <param name="Row">The row.</param>
/// <param name="Version">What the answer changes with.</param>
/// <param name="Status">The state of the search.</param>
/// <param name="Reached">The state that the search would leave, ended now.</param>
/// <param name="Result">The members of the result as a JSON object; null when there is none yet.</param>
internal sealed record ScheduleView(ScheduleRow Row, RowVersion Version, string Status, string Reached, Segments? Result)
{
    /// <summary>The view of a row with a schedule of its own.</summary>
    /// <exception cref="InvalidDataException">The row cannot be trusted.</exception>
    public static ScheduleView Of(ScheduleRow row, ScheduleCache cache) => new(row, row.Version, row.Status, row.Reached, cache.ResultOf(row));

    /// <summary>The view of a row that points.</summary>
    /// <exception cref="InvalidDataException">The row of an alternative cannot be trusted.</exception>
    public static ScheduleView Of(ScheduleRow row, ChoiceStanding standing, ScheduleCache cache)
    {
        var version = row.Version with
        {
            Revision = row.Revision + standing.Alternatives.Sum(alternative => alternative.Row?.Revision ?? 0),
        };
        var reached = standing.IsOptimal ? ScheduleStatus.Optimal : ScheduleStatus.Feasible;
        var status = row.IsUnfinished || standing.Leader is null ? row.Status : reached;
        return new(row, version, status, reached, cache.ResultOf(version, standing));
    }
}
