using ScheduleSearch.Core.Features;

namespace ScheduleSearch.Core.Profiles;

/// <summary>A feature that profiles may ask for in several forms which are one problem: problems have it in one of them, and so the same id.</summary>
public interface ICanonicalFeature : IFeature
{
    /// <summary>A profile in which nothing is wrong in that form; itself where it is.</summary>
    Profile Canonical(Profile profile);
}
