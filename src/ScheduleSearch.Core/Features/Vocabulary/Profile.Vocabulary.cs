using ScheduleSearch.Core.Features.Vocabulary;

namespace ScheduleSearch.Core.Profiles;

public sealed partial record Profile
{
    /// <summary>The output layer and the input embedding, which may stand in shards on all devices. Absent: parts of the stages' own times.</summary>
    public VocabularyLayer? Vocabulary
    {
        get => Find<VocabularyLayer>();
        init => Sections = Sections.With(typeof(VocabularyLayer), value);
    }
}
