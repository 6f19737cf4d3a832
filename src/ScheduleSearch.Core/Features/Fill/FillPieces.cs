using System.Collections.Immutable;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Fill;

/// <summary>What a device does of an item of the work that fills bubbles, in ticks: equal pieces, in turn.</summary>
/// <param name="Name">The name of the item.</param>
/// <param name="Device">The device that carries them out.</param>
/// <param name="Duration">Ticks of a piece, or where pieces may be cut of a part.</param>
/// <param name="First">The number of the first of them in the item, from 0.</param>
/// <param name="Count">How many of those there are.</param>
/// <param name="After">What must all have ended before, by its place.</param>
/// <param name="Deadline">Ticks by which the last of them must have ended; null where any time will do.</param>
/// <param name="IsDealt">Whether the item goes to any device, and these pieces were dealt out to this one.</param>
public sealed record FillPieces(
    string Name, int Device, long Duration, int First, int Count, ImmutableArray<int> After, long? Deadline, bool IsDealt)
{
    /// <summary>Ticks of all pieces.</summary>
    public long Work => Duration * Count;

    /// <summary>The number of the last piece in the item.</summary>
    public int Last => First + Count - 1;

    /// <summary>
    /// The operation that carries out a piece. Devices know their pieces by the number of their first stage, and by the piece's own in the place of
    /// a microbatch.
    /// </summary>
    /// <param name="problem">The problem.</param>
    /// <param name="number">The number of the piece in the item.</param>
    public Operation Piece(Problem problem, int number)
    {
        var place = problem.Placement.StagesOn(Device)[0];
        return new Operation(OperationKind.Fill, place.Pipe, place.Stage, number) { Item = Name };
    }

    /// <summary>The operations that carry out its pieces, in turn.</summary>
    public IEnumerable<Operation> Pieces(Problem problem) => Enumerable.Range(First, Count).Select(number => Piece(problem, number));
}
