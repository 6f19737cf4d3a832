using ScheduleSearch.Core.Features;

namespace ScheduleSearch.Core.Profiles;

/// <summary>A feature that profiles may ask for in several forms which are one problem: problems have it in one of them, and so the same id.</summary>
public interface ICanonicalFeature : IFeature
{
    /// <summary>A profile in which nothing is wrong in that form; itself where it is.</summary>
    Profile Canonical(Profile profile);

    /// <summary>
    /// A profile without what says nothing of stages before they have their places: a choice of placements is identified without it. Without effect: as it
    /// is.
    /// </summary>
    Profile Unplaced(Profile profile) => profile;

    /// <summary>What is wrong in that form, under the name of the member that a profile states it by. Without effect: as it is.</summary>
    /// <param name="given">The profile as it was given.</param>
    /// <param name="fault">What is wrong in the form that it has.</param>
    ProfileError AsGiven(Profile given, ProfileError fault) => fault;
}
