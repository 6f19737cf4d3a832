using ScheduleSearch.Core.Features.Microbatches;

namespace ScheduleSearch.Core.Profiles;

public sealed partial record Profile
{
    /// <summary>What each microbatch takes of the times and memory that are stated for a stage. Absent: all of them the same.</summary>
    public MicrobatchScale? MicrobatchScale
    {
        get => Find<MicrobatchScale>();
        init => Sections = Sections.With(typeof(MicrobatchScale), value);
    }

    /// <summary>The microbatches one by one, in the place of <c>microbatchScale</c>. Absent: all of them the same.</summary>
    public MicrobatchList? Microbatches
    {
        get => Find<MicrobatchList>();
        init => Sections = Sections.With(typeof(MicrobatchList), value);
    }
}
