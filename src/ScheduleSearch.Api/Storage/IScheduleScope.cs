namespace ScheduleSearch.Api.Storage;

/// <summary>Whose schedules a search may begin with.</summary>
internal interface IScheduleScope
{
    /// <summary>Whether those alone that its own key asked for: keys read no others.</summary>
    bool IsOwnAlone { get; }
}
