using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Fill;

/// <summary>
/// Every piece of an item is carried out once, on the item's device, after the piece before it; the first after the last pieces of the items that it comes
/// after, and a message where those are on other devices. The last piece ends by the deadline of its item.
/// </summary>
internal sealed class FillRules(Problem problem) : ScheduleRules
{
    private readonly ILookup<string, FillPieces> _items = problem.Fill.ToLookup(item => item.Name);

    public override bool Has(Operation operation) =>
        ItemOf(operation) is not null && problem.Placement.DeviceOf(operation.Pipe, operation.Stage) is var device
        && problem.Placement.StagesOn(device)[0] == new Placements.StageOfPipe(operation.Pipe, operation.Stage);

    public override void CheckPlace(VerifiedSchedule schedule, in PlacedOperation placed)
    {
        if (ItemOf(placed.Operation) is { } item && item.Device != placed.Device)
            schedule.Report("placement", placed.Device, placed.Position, $"The {placed.Operation} belongs to device {item.Device}.");
    }

    public override void CheckAllComplete(VerifiedSchedule schedule)
    {
        foreach (var item in problem.Fill)
        {
            foreach (var piece in item.Pieces(problem))
            {
                if (!schedule.Has(piece)) schedule.Report("completeness", item.Device, -1, $"The {piece} is missing.");
            }
        }
    }

    public override long? DurationOf(VerifiedSchedule schedule, in PlacedOperation placed) => ItemOf(placed.Operation)?.Duration;

    public override void CheckNeeds(VerifiedSchedule schedule, in PlacedOperation placed, long begin)
    {
        var piece = placed.Operation;
        if (ItemOf(piece) is not { } item) return;
        if (piece.Microbatch == item.Last && placed.Timed.End > item.Deadline)
        {
            schedule.Report(
                "deadline", placed.Device, placed.Position,
                $"The {piece} ends at {schedule.Time(placed.Timed.End)}; the deadline of {item.Name} is {schedule.Time(item.Deadline.Value)}.");
        }

        if (piece.Microbatch > item.First)
        {
            schedule.CheckNeed(placed, begin, "piece before it", piece.Stage, schedule.EndOf(piece with { Microbatch = piece.Microbatch - 1 }));
            return;
        }

        foreach (var before in item.After.Select(place => problem.Fill[place]))
        {
            var last = before.Piece(problem, before.Last);
            schedule.CheckNeed(placed, begin, before.Name, last.Stage, schedule.EndOf(last) + problem.Lag(before.Device, item.Device));
        }
    }

    private FillPieces? ItemOf(Operation operation) =>
        operation is { Kind: OperationKind.Fill, Slice: 0, Item: { } name }
            ? _items[name].FirstOrDefault(item => operation.Microbatch >= item.First && operation.Microbatch <= item.Last)
            : null;
}
