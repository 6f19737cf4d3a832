namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>What the numbers of a member are amounts of: it decides the scale that they share.</summary>
public enum Quantity
{
    /// <summary>Counts, shares and names: nothing that is scaled.</summary>
    None,

    /// <summary>Times, in the unit of the profile's times.</summary>
    Time,

    /// <summary>Amounts of memory, in the unit of the profile's memory.</summary>
    Memory,
}
