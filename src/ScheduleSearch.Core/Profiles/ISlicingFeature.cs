using ScheduleSearch.Core.Features;

namespace ScheduleSearch.Core.Profiles;

/// <summary>A feature that cuts microbatches. Every problem has slices, one of a microbatch at least; a feature says what each has of the whole.</summary>
internal interface ISlicingFeature : IFeature
{
    /// <summary>The shares of the slices, and the memory of the keys and values of one of them on each stage; null when a profile cuts nothing.</summary>
    (SliceShares Shares, StageValues KeyValue)? CutOf(Profile profile);
}
