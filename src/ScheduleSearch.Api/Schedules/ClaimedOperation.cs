using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Schedules;

/// <summary>An operation as somebody's schedule lists it.</summary>
/// <param name="Operation">What is done.</param>
/// <param name="Start">Its start in the profile's unit, when times are claimed too.</param>
/// <param name="End">Its end in the profile's unit, when times are claimed too.</param>
internal readonly record struct ClaimedOperation(Operation Operation, decimal? Start, decimal? End)
{
    private static readonly OperationKind[] Kinds = Enum.GetValues<OperationKind>();

    /// <summary>For each device its operations in order; null, with errors, when a member is wrong.</summary>
    public static ClaimedOperation[][]? ReadDevices(JsonValue? devices) =>
        devices?.Each(device => device.Each(operation => operation.Members(Read))) is { } orders
            ? [.. orders.Select(order => order.ToArray())]
            : null;

    private static ClaimedOperation? Read(JsonMembers members)
    {
        var kind = members.Required("op")?.OneOf(Kinds, OperationNames.Of);
        var stage = members.Required("stage")?.Whole();
        var microbatch = members.Required("microbatch")?.Whole();
        var pipe = members.Optional("pipe")?.Whole();
        var start = members.Optional("start")?.Number();
        var end = members.Optional("end")?.Number();
        return kind is null || stage is null || microbatch is null
            ? null
            : new ClaimedOperation(new Operation(kind.Value, pipe ?? 0, stage.Value, microbatch.Value), start, end);
    }
}
