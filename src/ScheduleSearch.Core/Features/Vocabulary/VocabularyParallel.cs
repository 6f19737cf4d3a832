namespace ScheduleSearch.Core.Features.Vocabulary;

/// <summary>How the output layer and the input embedding stand on the devices.</summary>
public enum VocabularyParallel
{
    /// <summary>Whole: the output layer on the last stage, the input embedding on the first.</summary>
    None,

    /// <summary>
    /// In shards by the vocabulary, one on each device; the last stage's backward waits for one all-reduce, since the pass before it computes the input
    /// gradient too, unnormalised.
    /// </summary>
    OneBarrier,

    /// <summary>In shards by the vocabulary, one on each device; the last stage's backward waits for two all-reduces, one after each pass.</summary>
    TwoBarriers,

    /// <summary>Whichever of the others has the best schedule.</summary>
    Search,
}
