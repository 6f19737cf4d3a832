namespace ScheduleSearch.Core.Evaluation;

/// <summary>What is drawn.</summary>
internal enum DrawSource
{
    /// <summary>The factor of a forward.</summary>
    Forward,

    /// <summary>The factor of a backward.</summary>
    Backward,

    /// <summary>The factor of a stage.</summary>
    Stage,

    /// <summary>The factor of a microbatch.</summary>
    Microbatch,

    /// <summary>The measured microbatch whose durations a microbatch has.</summary>
    Sample,

    /// <summary>Whether an output takes longer to be sent.</summary>
    Output,

    /// <summary>Whether a gradient takes longer to be sent.</summary>
    Gradient,
}
