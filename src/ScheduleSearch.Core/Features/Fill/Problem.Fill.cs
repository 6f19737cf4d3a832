using System.Collections.Immutable;
using ScheduleSearch.Core.Features.Fill;
using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Profiles;

public sealed partial class Problem
{
    private ImmutableArray<FillPieces>? _fill;
    private FillDates? _fillDates;

    /// <summary>What each device does of the work that fills bubbles, by item in the order of the profile; empty where there is none.</summary>
    public ImmutableArray<FillPieces> Fill => _fill ??= FillDealing.Of(this);

    /// <summary>The names of the items, in the order of the profile.</summary>
    public ImmutableArray<string> FillNames => [.. (Profile.Fill ?? []).Select(item => item.Name)];

    /// <summary>Whether pieces of items that go to any device were dealt out: there are schedules then that are none of these orders.</summary>
    public bool HasDealtFill => Fill.Any(item => item.IsDealt);

    /// <summary>When the pieces of items with deadlines, and what those come after, have to start.</summary>
    internal FillDates FillDates => _fillDates ??= new FillDates(this);

    /// <summary>For each place in <see cref="Fill"/> the ticks before which none of its pieces can start, however pieces are dealt out.</summary>
    public ImmutableArray<long> FillReady => [.. FillDates.ReadyOf(this)];

    /// <summary>The places in <see cref="Fill"/> of the pieces that a device carries out and no other one can.</summary>
    public IEnumerable<int> FillNamedFor(int device) =>
        Enumerable.Range(0, Fill.Length).Where(place => Fill[place].Device == device && !Fill[place].IsDealt);

    /// <summary>The place in <see cref="Fill"/> of what a piece belongs to; -1 where there is no such piece.</summary>
    public int PlaceInFill(Operation piece)
    {
        for (var place = 0; place < Fill.Length; place++)
        {
            var item = Fill[place];
            if (item.Name == piece.Item && piece.Microbatch >= item.First && piece.Microbatch <= item.Last) return place;
        }

        return -1;
    }

    /// <summary>Ticks of all the pieces that a device carries out.</summary>
    public long FillOn(int device) => Fill.Where(item => item.Device == device).Sum(item => item.Work);
}
