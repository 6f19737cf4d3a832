using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Devices;

/// <summary>The profile of stages whose times are those of their devices, each with its memory as a limit.</summary>
internal static class PacedStages
{
    /// <summary>The profile without devices.</summary>
    /// <param name="profile">A profile of stages that has devices and in which nothing is wrong.</param>
    public static Profile Of(Profile profile)
    {
        var (devices, stages) = (profile.Devices!, profile with { Devices = null });
        if (devices.Memory is { } memory) stages = stages with { Memory = (stages.Memory ?? new()) with { Limit = memory } };
        return devices.HasNoOtherSpeed ? stages : Each(stages, Problem.PlacementOf(profile), devices);
    }

    /// <summary>The stages whose times become a number that no profile may have, each with its device and one of those times.</summary>
    /// <param name="profile">A profile of stages that has devices.</param>
    public static IEnumerable<(int Stage, int Device, decimal Time)> OutOfRange(Profile profile)
    {
        var (placement, found) = (Problem.PlacementOf(profile), new List<(int Stage, int Device, decimal Time)>());
        foreach (var section in Sections)
        {
            section.Paced(profile, times =>
            {
                found.AddRange(
                    from stage in Enumerable.Range(0, placement.Stages)
                    let device = placement.DeviceOf(0, stage)
                    let time = DecimalScale.Quotient(times[stage], profile.SpeedOf(device))
                    where time != 0 && time is < SectionCheck.Smallest or > SectionCheck.Largest
                    select (stage, device, time));
                return times;
            });
        }

        return found;
    }

    private static IEnumerable<IProfileSection> Sections => CoreSections.All.Concat(FeatureCatalogue.Default.Sections);

    private static Profile Each(Profile profile, Placement placement, DeviceList devices) => Sections.Aggregate(profile, (paced, section) =>
        section.Paced(paced, times => StageValues.Each(Enumerable.Range(0, placement.Stages)
            .Select(stage => DecimalScale.Quotient(times[stage], devices.SpeedOf(placement.DeviceOf(0, stage)))))));
}
