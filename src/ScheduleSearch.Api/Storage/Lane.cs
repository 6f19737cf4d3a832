namespace ScheduleSearch.Api.Storage;

/// <summary>Where an unfinished row waits for its turn: each lane has workers of its own.</summary>
internal enum Lane
{
    /// <summary>Problems without a schedule: a quick pass finds the first.</summary>
    Quick,

    /// <summary>Problems whose schedule is to be improved.</summary>
    Search,

    /// <summary>Choices of a placement, which wait for the problems that they point to.</summary>
    Choice,
}
