using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>An operation as somebody's schedule lists it, or two that overlap.</summary>
/// <param name="Operation">What is done.</param>
/// <param name="Backward">The backward that overlaps with it; null for an operation alone.</param>
/// <param name="Start">Its start in the profile's unit, when times are claimed too.</param>
/// <param name="End">Its end in the profile's unit, when times are claimed too.</param>
internal readonly record struct ClaimedOperation(Operation Operation, Operation? Backward, decimal? Start, decimal? End)
{
    /// <summary>The name of a pair in requests and answers.</summary>
    public const string Pair = "overlapped";

    private const int LongestName = 200;

    /// <summary>What an entry may be: the first of a pair stands for the pair, whose second never stands alone.</summary>
    private static readonly OperationKind[] Kinds =
        [.. OperationKinds.All.Where(facts => facts.Place != PlaceInPair.Second).Select(facts => facts.Kind)];

    /// <summary>What only the other of the two forms of an entry has; a device's own lane has no name.</summary>
    private static readonly string[] NotOfPair = ["pipe", "stage", "microbatch", "slice", "item", "lane"],
        NotOfSingle = ["forward", "backward", "item", "lane"];

    /// <summary>Its cell in the row of a CSV; null for an entry of a list.</summary>
    public int? Cell { get; init; }

    /// <summary>For each device its operations in order; null, with errors, when a member is wrong.</summary>
    public static ClaimedOperation[][]? ReadDevices(JsonValue? devices) =>
        devices?.Each(device => device.Each(operation => operation.Members(Read))) is { } orders
            ? [.. orders.Select(order => order.ToArray())]
            : null;

    /// <summary>The operations, those of pairs one after the other.</summary>
    public IEnumerable<Operation> Operations => Backward is { } backward ? [Operation, backward] : [Operation];

    private static ClaimedOperation? Read(JsonMembers members)
    {
        var kind = members.Required("op")?.OneOf(Kinds, NameOf);
        var isPair = kind is { } given && given.Facts().Place == PlaceInPair.First;
        members.LeaveOut(isPair ? NotOfPair : NotOfSingle);
        var operation = isPair
            ? members.Required("forward")?.Members(half => ReadOperation(half, OperationKind.Forward)?.InPair(PlaceInPair.First))
            : ReadOperation(members, kind ?? OperationKind.Forward);
        var backward = isPair ? members.Required("backward")?.Members(half => ReadOperation(half, OperationKind.Backward)?.InPair(PlaceInPair.Second)) : null;
        // An operation's kind says which lane it is on; a device's own lane has no name.
        if (kind is { } stated && stated.Facts().Lane != LaneKind.Compute) _ = members.Optional("lane")?.Text(LongestName);
        var start = members.Optional("start")?.Number();
        var end = members.Optional("end")?.Number();
        return kind is null || operation is null || (isPair && backward is null)
            ? null
            : new ClaimedOperation(operation.Value, backward, start, end);
    }

    private static Operation? ReadOperation(JsonMembers members, OperationKind kind)
    {
        var pipe = members.Optional("pipe")?.Whole();
        var stage = members.Required("stage")?.Whole();
        var microbatch = members.Required("microbatch")?.Whole();
        var slice = members.Optional("slice")?.Whole();
        var item = kind.Facts().IsOfMicrobatch ? null : members.Required("item")?.Text(LongestName);
        return stage is null || microbatch is null
            ? null
            : new Operation(kind, pipe ?? 0, stage.Value, microbatch.Value) { Slice = slice ?? 0, Item = item };
    }

    private static string NameOf(OperationKind kind) => kind.Facts().Place == PlaceInPair.First ? Pair : kind.Facts().Name;
}
