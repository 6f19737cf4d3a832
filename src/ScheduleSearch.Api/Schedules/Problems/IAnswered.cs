using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Schedules.Problems;

/// <summary>How something stored is answered: a problem by its own schedule, a choice by that of the alternative that leads.</summary>
internal interface IAnswered
{
    /// <summary>Makes what the row alone can answer.</summary>
    /// <exception cref="InvalidDataException">The row cannot be trusted.</exception>
    Task CheckAsync(CancellationToken cancellation);

    /// <summary>What is answered of a row that passes <see cref="CheckAsync"/>, with or without the operations of devices.</summary>
    Task<ScheduleView> ViewAsync(bool withDevices, CancellationToken cancellation);

    /// <summary>Whose schedule the id stands for, and whether it will always be that schedule.</summary>
    Task<(StoredSchedule Stored, bool IsFinal)> FindScheduleAsync(CancellationToken cancellation);
}
