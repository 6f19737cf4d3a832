namespace ScheduleSearch.Core.Profiles;

/// <summary>What an iteration is made of.</summary>
public enum IterationMode
{
    /// <summary>Forwards, and the backwards of all stages but those that are said to be frozen.</summary>
    Train,

    /// <summary>Forwards alone, as in an evaluation.</summary>
    Forward,
}
