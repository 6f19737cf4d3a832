using ScheduleSearch.Core.Features;

namespace ScheduleSearch.Core.Profiles;

/// <summary>A feature by which a profile says how backwards are carried out: problems have it in what stages take and in whether they may be split.</summary>
public interface IBackwardFeature : IFeature
{
    /// <summary>A profile in which nothing is wrong, in the form that problems have it in, and whether their backwards may be split.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="splitBackward">Whether the options have weight gradients scheduled apart.</param>
    (Profile Profile, bool SplitBackward) Decided(Profile profile, bool splitBackward);
}
