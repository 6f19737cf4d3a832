using System.Globalization;

namespace ScheduleSearch.Core.Profiles;

/// <summary>
/// Finds the devices whose memory is below what any order needs. In a two-pipe placement it is enough that one pipe fits: all microbatches may run
/// there.
/// </summary>
internal static class MemoryValidation
{
    /// <summary>The limits that are too small; empty when the problem has a schedule.</summary>
    public static IReadOnlyList<ProfileError> Check(Problem problem)
    {
        if (problem.Limit.IsEmpty) return [];
        var pipes = Enumerable.Range(0, problem.Placement.Pipes).ToList();
        if (pipes.Exists(problem.HasRoomFor)) return [];
        var nearest = pipes.MinBy(pipe => Enumerable.Range(0, problem.Devices).Max(device => problem.LeastMemory(device, pipe) - problem.LimitOf(device)));
        var lacking = Enumerable.Range(0, problem.Devices)
            .Select(device => (Device: device, Least: problem.LeastMemory(device, nearest)))
            .Where(need => problem.LimitOf(need.Device) < need.Least);
        var (member, given) = problem.Profile.Memory is { Limit: { } limit } ? ("limit", limit) : ("total", problem.Profile.Memory!.Total!);
        // One limit for all devices is one member: the device that needs most speaks for it.
        if (given.IsScalar) lacking = lacking.OrderByDescending(need => need.Least + WeightsIn(problem, need.Device)).Take(1);
        return [.. lacking.Select(need => Error(problem, member, given, need.Device, need.Least))];
    }

    private static ProfileError Error(Problem problem, string member, StageValues given, int device, long least)
    {
        var path = $"$.profile.memory.{member}{(given.IsScalar ? "" : $"[{device}]")}";
        var weights = WeightsIn(problem, device);
        var beyond = problem.Placement.StagesOn(device).Any(stage => problem.Growth[stage.Stage] > 0) ? " with what is retained beyond them" : "";
        var needs = weights == 0
            ? $"{Text(problem, least)} in any order, the activations of its stages{beyond}"
            : $"{Text(problem, weights + least)} in any order, {Text(problem, weights)} of weights and {Text(problem, least)} of activations{beyond}";
        return new(
            path,
            $"Device {device} needs at least {needs}; the limit is {given[device].ToString(CultureInfo.InvariantCulture)}.",
            ProfileErrorKind.Impossible);
    }

    /// <summary>Weights count against the total only.</summary>
    private static long WeightsIn(Problem problem, int device) => problem.Profile.Memory!.Total is null ? 0 : problem.WeightsOn(device);

    private static string Text(Problem problem, long units) => problem.MemoryScale.FromTicks(units).ToString(CultureInfo.InvariantCulture);
}
