namespace ScheduleSearch.Core.Profiles;

/// <summary>What of an order's lengths under durations that vary is to be as small as possible.</summary>
public enum Statistic
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>What 95 % of them do not exceed.</summary>
    P95,
}
