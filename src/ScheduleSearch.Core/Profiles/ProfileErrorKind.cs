namespace ScheduleSearch.Core.Profiles;

/// <summary>What kind of fault a request has.</summary>
public enum ProfileErrorKind
{
    /// <summary>Wrong JSON, type, shape or range: the request says nothing that could be solved.</summary>
    Malformed,

    /// <summary>Well formed, but no schedule can exist, or a condition or a limit of the server is broken.</summary>
    Impossible,
}
