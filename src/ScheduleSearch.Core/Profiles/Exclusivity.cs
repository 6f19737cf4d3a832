namespace ScheduleSearch.Core.Profiles;

/// <summary>What a message has for itself while it is on its way.</summary>
public enum Exclusivity
{
    /// <summary>Nothing: any number of messages travel at the same time.</summary>
    None,

    /// <summary>The link from its sender to its receiver, in that direction.</summary>
    Link,

    /// <summary>All that its sender sends.</summary>
    Device,
}
