namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>How often the largest sum over a whole schedule adds the number of a stage.</summary>
public enum Added
{
    /// <summary>Never: another number that is added is at least as large.</summary>
    Never,

    /// <summary>Once for each microbatch.</summary>
    ByMicrobatch,

    /// <summary>Once for each part that the section cuts a microbatch in.</summary>
    ByPart,

    /// <summary>Once for each microbatch, what it is beyond the activation, which is added besides.</summary>
    BeyondActivation,

    /// <summary>Once for each pipe.</summary>
    ByPipe,
}
