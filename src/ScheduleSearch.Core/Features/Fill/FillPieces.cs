using System.Collections.Immutable;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Fill;

/// <summary>An item of the work that fills bubbles, in ticks: equal pieces, in turn, on one device.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Device">The device that carries it out.</param>
/// <param name="Duration">Ticks of a piece, or where pieces may be cut of a part.</param>
/// <param name="Count">How many of those there are.</param>
/// <param name="After">The items, by their place, whose pieces must all have ended before.</param>
public sealed record FillPieces(string Name, int Device, long Duration, int Count, ImmutableArray<int> After)
{
    /// <summary>Ticks of all pieces.</summary>
    public long Work => Duration * Count;

    /// <summary>
    /// The operation that carries out a piece. Devices know their pieces by the number of their first stage, and by the piece's own in the place of
    /// a microbatch.
    /// </summary>
    public Operation Piece(Problem problem, int number)
    {
        var place = problem.Placement.StagesOn(Device)[0];
        return new Operation(OperationKind.Fill, place.Pipe, place.Stage, number) { Item = Name };
    }

    /// <summary>The operations that carry out its pieces, in turn.</summary>
    public IEnumerable<Operation> Pieces(Problem problem) => Enumerable.Range(0, Count).Select(number => Piece(problem, number));

    internal static ImmutableArray<FillPieces> Of(Problem problem)
    {
        if (problem.Profile.Fill is not { } items) return [];
        var places = items.Index().ToDictionary(item => item.Item.Name, item => item.Index);
        return
        [
            .. items.Select(item => new FillPieces(
                item.Name, item.Device, problem.TimeScale.ToTicks(item.PartDuration), (int)item.Parts, [.. item.After.Select(name => places[name])])),
        ];
    }
}
