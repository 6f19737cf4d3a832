using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>What pictures call a lane.</summary>
internal static class LaneText
{
    /// <summary>The rank of a compute lane; of others where they lead.</summary>
    public static string Of(Lane lane) => lane switch
    {
        { Kind: LaneKind.Compute } => FormattableString.Invariant($"rank {lane.Device}"),
        { Other: Lane.NoOther } => FormattableString.Invariant($"{lane.Device} →"),
        _ => FormattableString.Invariant($"{lane.Device} → {lane.Other}"),
    };
}
