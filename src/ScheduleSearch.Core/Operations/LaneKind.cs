namespace ScheduleSearch.Core.Operations;

/// <summary>What a lane carries out, one operation at a time.</summary>
public enum LaneKind
{
    /// <summary>A device's arithmetic. Only this lane's operations take or free memory, so that a device's order decides what it holds.</summary>
    Compute,

    /// <summary>What travels from one device to another, or all that a device sends.</summary>
    Link,
}
