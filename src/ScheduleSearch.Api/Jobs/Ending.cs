namespace ScheduleSearch.Api.Jobs;

/// <summary>Why an attempt ends before its search does.</summary>
internal enum Ending
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>Somebody asked to stop the search.</summary>
    Stopped,

    /// <summary>Another search's turn has come; this one goes on later.</summary>
    TurnOver,

    /// <summary>The row is another attempt's, or gone.</summary>
    Lost,

    /// <summary>The service stops.</summary>
    ServiceStops,
}
