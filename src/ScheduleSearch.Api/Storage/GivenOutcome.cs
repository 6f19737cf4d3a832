namespace ScheduleSearch.Api.Storage;

/// <summary>What became of a schedule that was given.</summary>
internal enum GivenOutcome
{
    /// <summary>It was not there before.</summary>
    Added,

    /// <summary>It is better than what was there.</summary>
    Improved,

    /// <summary>What is there is as good, or its search goes on.</summary>
    Left,
}
