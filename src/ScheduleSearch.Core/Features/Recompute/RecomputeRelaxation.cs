using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Recompute;

/// <summary>
/// What is proved of every selection: for each device the profiles in which its own stages have one of their selections, and all others take and keep as
/// little as their options keep at least, without recomputing.
/// </summary>
/// <remarks>
/// Take a schedule of any selection, and the profile that has the same selection on the stages of the device. Leave out what the other stages recompute: their
/// backwards then wait for the forwards that it waited for. Nothing starts or ends earlier or later, since what is left out is neither the first nor the last
/// operation of a device. Such a stage held no less than its least option keeps from the start of its forward to the end of its backward, and what
/// is retained of that for its weight gradient after that, so no device holds more than it did. So it is a schedule of that profile, at the same
/// objective, and the best of that group of profiles is no worse.
/// </remarks>
internal sealed class RecomputeRelaxation(Problem problem, RecomputeOptions options)
{
    /// <summary>
    /// The most selections of a device; where it has more, so many of its stages as have no more count, and the others are relaxed too. And the most stages of
    /// all profiles together, which keeps the time within about a second: where those of all devices have more, some devices count.
    /// </summary>
    private const int MostOfDevice = 64, MostStages = 16_384;

    /// <summary>The profiles, by device.</summary>
    public IEnumerable<IEnumerable<Profile>> Groups()
    {
        var (profiles, devices) = (MostStages / options.Stages, problem.Devices);
        var most = Math.Clamp(profiles / devices, options.MostOfStage, MostOfDevice);
        var counted = Math.Clamp(profiles / most, 1, devices);
        return Enumerable.Range(0, counted).Select(place => OfDevice(place * devices / counted, most));
    }

    private IEnumerable<Profile> OfDevice(int device, int most)
    {
        var selected = new List<int>();
        foreach (var stage in problem.Placement.StagesOn(device).Select(place => place.Stage).Distinct())
        {
            if (options.Count([.. selected, stage], most) <= most) selected.Add(stage);
        }

        return options.Every(selected).Select(selection => Relaxed(selected, selection));
    }

    private Profile Relaxed(List<int> selected, ImmutableArray<int> selection)
    {
        var (profile, stages) = (options.Profile, Enumerable.Range(0, options.Stages).ToList());
        var memory = profile.Memory!;
        return profile with
        {
            Memory = memory with
            {
                Activation = StageValues.Each(stages.Select(stage => options[stage][selected.Contains(stage) ? 0 : ^1].Kept)),
                Retained = memory.Retained is null ? null : StageValues.Each(stages.Select(stage =>
                    selected.Contains(stage) ? memory.Retained[stage] : Math.Min(memory.Retained[stage], options[stage][^1].Kept))),
            },
            Recompute = ClosedRecompute.Each(
                options.Stages,
                stage => selected.Contains(stage) ? options.Of(selection, stage) : options[stage][^1] with { Time = 0, Recomputes = false }),
        };
    }
}
