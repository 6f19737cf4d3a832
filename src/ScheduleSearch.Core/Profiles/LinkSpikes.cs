namespace ScheduleSearch.Core.Profiles;

/// <summary>What messages between devices now and then take beyond their time.</summary>
public sealed record LinkSpikes
{
    /// <summary>Of each message, from 0 to 1.</summary>
    /// <example>0.01</example>
    public required double Probability { get; init; }

    /// <summary>How much longer it then takes, in the profile's unit of time, from 0.</summary>
    /// <example>5</example>
    public required decimal Size { get; init; }
}
