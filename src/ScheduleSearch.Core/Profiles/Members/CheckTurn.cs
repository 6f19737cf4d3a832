namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>When a member is checked, beside the others of its section: it is the order of the errors.</summary>
public enum CheckTurn
{
    /// <summary>Before all others, which cannot be judged while it is wrong.</summary>
    First,

    /// <summary>In the order of the table.</summary>
    InOrder,

    /// <summary>After those in order.</summary>
    Last,
}
