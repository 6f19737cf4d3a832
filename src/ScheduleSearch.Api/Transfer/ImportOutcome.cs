namespace ScheduleSearch.Api.Transfer;

/// <summary>What became of a schedule of a file.</summary>
internal enum ImportOutcome
{
    /// <summary>It was not there before.</summary>
    Added,

    /// <summary>It is better than what was there.</summary>
    Improved,

    /// <summary>What is there is as good, or its search goes on.</summary>
    Left,
}
