namespace ScheduleSearch.Core.Operations;

/// <summary>Where an operation stands in a pair that one device carries out together.</summary>
public enum PlaceInPair
{
    /// <summary>It stands alone.</summary>
    None,

    /// <summary>First: the pair's duration is its own.</summary>
    First,

    /// <summary>Second, next on the same device; as a step of its own it takes no time.</summary>
    Second,
}
