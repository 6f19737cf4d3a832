using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Profiles;

/// <summary>Places a profile with fewer chunks than its numbers stand for: consecutive stages become one, whose times and memory are their sums.</summary>
internal static class StageMerging
{
    /// <summary>The profile on a placement.</summary>
    /// <param name="profile">A profile in its finest stages.</param>
    /// <param name="placement">The name of the placement.</param>
    /// <param name="chunks">Chunks of each device; divides those of the profile.</param>
    /// <param name="features">The features that the profile may use.</param>
    /// <exception cref="InvalidProfileException">Stages are to be merged that say nothing when they are.</exception>
    public static Profile Place(Profile profile, string placement, int chunks, FeatureCatalogue features)
    {
        var merging = new MergedStages(profile.Pipeline.Chunks / chunks, profile.Pipeline.Devices * chunks);
        var placed = profile with { Pipeline = profile.Pipeline with { Placement = placement, Chunks = chunks } };
        if (merging.Size == 1) return placed;
        var faults = features.SectionsInId.Select(section => (Path: $"$.profile.{section.Name}", Reason: section.WhyNotMerged(profile)))
            .Where(fault => fault.Reason is not null).Select(fault => new ProfileError(fault.Path, fault.Reason!, ProfileErrorKind.Impossible)).ToList();
        if (faults.Count > 0) throw new InvalidProfileException(faults);
        return features.Sections.Append(CoreSections.Times).Append(CoreSections.Memory)
            .Aggregate(placed, (merged, section) => section.Merge(merged, profile, merging));
    }

    /// <summary>The profile without the sections whose stages cannot be merged.</summary>
    public static Profile Mergeable(Profile profile, FeatureCatalogue features) => features.Sections.Where(section => section.WhyNotMerged(profile) is not null)
        .Aggregate(profile, (rest, section) => rest with { Sections = rest.Sections.With(section.Type, null) });
}
