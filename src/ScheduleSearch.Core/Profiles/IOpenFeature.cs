using ScheduleSearch.Core.Features;

namespace ScheduleSearch.Core.Profiles;

/// <summary>A feature of which a profile may leave open how it is: then it is a choice, as one whose placement is left open.</summary>
public interface IOpenFeature : IFeature
{
    /// <summary>The member that leaves it open, within the profile, such as <c>vocabulary.parallel</c>.</summary>
    string OpenMember { get; }

    /// <summary>What that member may be in the place of what leaves it open, in words.</summary>
    string ClosedWords { get; }

    /// <summary>Whether all ways to close it are alternatives, whatever the profile.</summary>
    bool TriesAll => true;

    /// <summary>Whether a profile, valid or not, leaves it open.</summary>
    bool IsLeftOpen(Profile profile);

    /// <summary>
    /// A profile, valid or not, that a search is asked of: where it may be closed in several ways and says nothing of them, it leaves them open. By default as
    /// it is.
    /// </summary>
    /// <param name="profile">The profile.</param>
    /// <param name="options">What is asked of it.</param>
    Profile Opened(Profile profile, SolveOptions options) => profile;

    /// <summary>
    /// A valid profile that says itself how the feature is, in the form that problems have it in; as it is where that is left open, or in that form.
    /// </summary>
    /// <exception cref="InvalidProfileException">What the profile says cannot be had.</exception>
    Profile Settled(Profile profile) => profile;

    /// <summary>The ways to close it in a valid profile that leaves it open, on the placement that the profile names.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="asked">What the problems are of.</param>
    /// <exception cref="InvalidProfileException">There is none.</exception>
    OpenWays WaysOf(Profile profile, AskedWays asked);
}
