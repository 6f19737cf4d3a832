using System.Globalization;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Instructions.Runtimes;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>Checks the schedule family that a request asks for by name.</summary>
internal static class AskedFamily
{
    private const string Member = "$.options.family";
    private const string NoiseMember = "$.options.noise";
    private const int MostDevices = 8;

    /// <summary>Why a problem cannot have the family that it asks for, whatever its memory; null when it can, or asks for none.</summary>
    public static ProfileError? Refusal(AskedSchedule asked)
    {
        if (asked.Family is not { } name) return null;
        if (FamilyCatalogue.Find(name) is not { } family) return Unknown(name);
        if (asked.Problem.Robust is not null)
            return new(Member, $"{name}: Is one schedule, whatever the noise: leave one of them out, and have the family's schedule evaluated under it.");
        return FamilyCatalogue.WhyNot(family, asked.Problem) is { } reason ? new(Member, $"{name}: {reason}", ProfileErrorKind.Impossible) : null;
    }

    /// <summary>
    /// Why a runtime cannot run the schedule of an admitted family; null when it can, or none is asked for. Cost: that of making it, where both are named.
    /// </summary>
    public static ProfileError? Refusal(AskedSchedule asked, TrainingRuntime? runtime)
    {
        if (runtime is null || asked.Family is not { } name || FamilyCatalogue.Find(name) is not { } family) return null;
        return CarriedChoice.WhyNot(runtime, Replay.Run(family.ScheduleOf(asked.Problem))) is { } refusal
            ? new(refusal.Member.StartsWith('$') ? refusal.Member : Member, $"{name}: {refusal.Reason} {refusal.Fix}", ProfileErrorKind.Impossible)
            : null;
    }

    /// <summary>Why options cannot name a family, or noise, where a choice is left open; null when they name neither.</summary>
    public static ProfileError? Refusal(SolveOptions options, PlacementChoice choice)
    {
        if (options.Noise is not null) return new(NoiseMember, "Does not go with a profile that leaves something open: close it, or leave this out.");
        if (options.Family is not { } name) return null;
        if (FamilyCatalogue.Find(name) is not { } family) return Unknown(name);
        var reason = PlacementChoice.IsPlacementOpen(choice.Profile)
            ? $"Is defined on one placement, so that there is none to choose: set placement to {family.Placement}."
            : choice.Alternatives is [var only]
            ? $"Is one schedule of a profile that leaves nothing open: ask for it with what {string.Join(" and ", only.With.Keys)} makes of the profile."
            : $"Is one schedule, so that there is nothing to choose: set {string.Join(" and ", choice.Alternatives[0].With.Keys)}.";
        return new(Member, $"{name}: {reason}", ProfileErrorKind.Impossible);
    }

    /// <summary>Makes sure that the schedule of an admitted family fits every device. Cost: that of making it.</summary>
    /// <exception cref="InvalidProfileException">It does not; the exception says which devices need how much.</exception>
    public static void CheckMemory(AskedSchedule asked)
    {
        var problem = asked.Problem;
        if (problem.Limit.IsEmpty || asked.Family is not { } name || FamilyCatalogue.Find(name) is not { } family) return;
        var schedule = family.ScheduleOf(problem);
        var errors = Enumerable.Range(0, problem.Devices)
            .Select(device => (Device: device, Peak: ScheduleMetrics.PeakMemoryOf(schedule.Graph, schedule.OrderOf(device))))
            .Where(need => need.Peak > problem.LimitOf(need.Device))
            .Select(need => new ProfileError(
                Member,
                $"{name}: device {need.Device} needs {Text(problem, need.Peak)} of activations; it has room for {Text(problem, problem.LimitOf(need.Device))}.",
                ProfileErrorKind.Impossible))
            .Take(MostDevices).ToList();
        if (errors.Count > 0) throw new InvalidProfileException(errors);
    }

    private static ProfileError Unknown(string name) => new(
        Member,
        $"Is not a schedule family: use one of {string.Join(", ", FamilyCatalogue.All.Select(Named))}."
            + Spelling.DidYouMean(name, FamilyCatalogue.All.Select(family => family.Name)));

    private static string Named(IScheduleFamily family) =>
        family.Parameter is { } parameter ? $"{family.Name} (or {family.Name}-N, N the {parameter.Name})" : family.Name;

    private static string Text(Problem problem, long units) => problem.MemoryScale.FromTicks(units).ToString(CultureInfo.InvariantCulture);
}
