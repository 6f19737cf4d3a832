using ScheduleSearch.Core.Features;

namespace ScheduleSearch.Core.Profiles;

/// <summary>A feature of which a profile may leave open how it is: then it is a choice, as one whose placement is left open.</summary>
public interface IOpenFeature : IFeature
{
    /// <summary>The member that leaves it open, within the profile, such as <c>vocabulary.parallel</c>.</summary>
    string OpenMember { get; }

    /// <summary>The ways to close it, each with the word that does, as requests have it; empty where the profile leaves nothing open.</summary>
    IReadOnlyList<(string Word, Profile Profile)> Closed(Profile profile);
}
