using System.Collections.Immutable;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Bounds;

/// <summary>
/// Devices that keep their operations and their memory, while what all others do has become lags: one device, some adjacent ones, or all.
/// The least objective of a group is a lower bound for one pipe, any placement, the makespan and the span.
/// </summary>
/// <remarks>
/// <para>
/// Take any schedule of the whole. Every operation starts after what it depends on, so between two operations of the group lies at least
/// the longest way through the others, before the first one at least the longest way to it, and from the last one to the end of the
/// schedule at least the longest way from it. With those lags the starts of the group's operations, none moved, are a schedule of the
/// group: each of its devices still does one operation at a time and holds what it held. Its makespan, counted with the ways before and
/// after, is no more than that of the whole, and each of its devices has the span that it had. So what holds for every schedule of the
/// group holds for every schedule of the whole, and the larger group proves at least as much.
/// </para>
/// <para>
/// Whatever is proved of the whole may be used as a cut in the group, whoever proved it: the schedule that the whole's best one leaves
/// there keeps it. So groups help each other, and the closed forms help all.
/// </para>
/// <para>
/// The first device of the pipeline comes first: its activations wait for the longest way up and back, so with equal limits memory binds
/// there most.
/// </para>
/// </remarks>
/// <param name="Devices">The devices that keep everything.</param>
/// <param name="BoundName">The name of what is proved with them.</param>
internal sealed record DeviceGroup(ImmutableHashSet<int> Devices, string BoundName)
{
    /// <summary>The name of what one device proves.</summary>
    public const string OneDevice = "device-relaxation";

    /// <summary>The name of what some adjacent devices prove.</summary>
    public const string AdjacentDevices = "adjacent-devices";

    /// <summary>The first devices of the pipeline: one, two, four ... and all of them.</summary>
    public static IReadOnlyList<DeviceGroup> Of(Problem problem)
    {
        int[] devices = [.. Enumerable.Range(0, problem.Stages).Select(stage => problem.Placement.DeviceOf(0, stage)).Distinct()];
        var groups = new List<DeviceGroup>();
        for (var count = 1; count < devices.Length; count *= 2)
            groups.Add(new DeviceGroup([.. devices.Take(count)], count == 1 ? OneDevice : AdjacentDevices));
        return [.. groups, new DeviceGroup([.. devices], WindowBound.BoundName)];
    }

    /// <summary>Stages on the group's devices.</summary>
    public int StagesOf(Problem problem) => Devices.Sum(device => problem.Placement.StagesOn(device).Length);

    /// <summary>The operations of the group.</summary>
    public OperationGraph Keep(OperationGraph graph) => Devices.Count == graph.Problem.Devices ? graph : DeviceSelection.Keep(graph, Devices);

    /// <summary>The orders of a solution on the group's devices, by operation index of the group's graph.</summary>
    public IReadOnlyList<IReadOnlyList<int>> OrdersOf(SearchBoard board, OperationGraph kept) =>
    [
        .. board.OrdersOf(board.Best).Select((order, lane) => Devices.Contains(kept.Lanes[lane].Device)
            ? order.Select(operation => kept.IndexOf(board.Graph.Operations[operation])).ToArray()
            : []),
    ];
}
