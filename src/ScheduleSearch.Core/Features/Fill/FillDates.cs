using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Fill;

/// <summary>
/// When pieces have to start so that all deadlines are kept: those of items with a deadline, and of the items that these come after. They wait for nothing but
/// each other, so they can be carried out before all else, and a problem has a schedule that keeps the deadlines exactly where they alone have one.
/// </summary>
/// <remarks>
/// One is made by carrying out on each device whatever is ready, what is due first first. Moved as late as the deadlines let it, with the pieces of each
/// device in the same turn, it gives every piece a latest start: whoever starts each piece by then keeps all deadlines, whatever else devices do between.
/// On one device nothing is lost by that order (Jackson's rule); where items wait for each other across devices there may be schedules that it misses.
/// </remarks>
internal sealed class FillDates
{
    /// <summary>The latest start of what has no deadline.</summary>
    public const long Any = long.MaxValue;

    private readonly Problem _problem;
    private readonly long[] _ready;
    private readonly long[] _due;
    private readonly int[] _dueFor;
    private readonly long[][] _latest;

    public FillDates(Problem problem)
    {
        _problem = problem;
        (_ready, _due) = (ReadyOf(problem), Array.ConvertAll([.. problem.Fill], item => item.Deadline ?? Any));
        _dueFor = [.. Enumerable.Range(0, _due.Length)];
        HandOnDeadlines();
        _latest = [.. problem.Fill.Select(_ => Array.Empty<long>())];
        if (!HasDeadlines) return;
        var placed = EarliestDueFirst(out var late);
        if (late is null) MoveLate(placed);
        else (Late, LateDevice, IsTooMuch) = (_dueFor[late.Value], problem.Fill[late.Value].Device, HasTooMuch(problem.Fill[late.Value].Device));
    }

    /// <summary>Whether any item has a deadline.</summary>
    public bool HasDeadlines => Array.Exists(_due, due => due != Any);

    /// <summary>The first item, by its place, of which no order that keeps its deadline was found; null when there is none.</summary>
    public int? Late { get; }

    /// <summary>The device that is late for that.</summary>
    public int LateDevice { get; }

    /// <summary>Whether that device has more to do by some deadlines than there is time for, in any order.</summary>
    public bool IsTooMuch { get; }

    /// <summary>Whether a piece of an item is done in time only if it starts by some time.</summary>
    public bool IsUrgent(int place) => _latest[place].Length > 0;

    /// <summary>Ticks by which a piece starts in time; <see cref="Any"/> where any time will do.</summary>
    public long LatestStart(int place, int number) => IsUrgent(place) ? _latest[place][number - _problem.Fill[place].First] : Any;

    /// <summary>Ticks at which an item has ended at the earliest, however the pieces of others are dealt out.</summary>
    public long EarliestEnd(int place) => _ready[place] + _problem.Fill[place].Work;

    /// <summary>
    /// Whether items of a device that are not ready before one of them is, and due no later than another, take longer than there is time between; not said
    /// where others could be dealt out otherwise.
    /// </summary>
    private bool HasTooMuch(int device)
    {
        var items = _problem.Fill.Index().Where(item => item.Item.Device == device && _due[item.Index] != Any).ToList();
        return !_problem.HasDealtFill && items.Exists(first => items.Exists(last =>
            items.Where(item => _ready[item.Index] >= _ready[first.Index] && _due[item.Index] <= _due[last.Index]).Sum(item => item.Item.Work)
                > Math.Max(0, _due[last.Index] - _ready[first.Index])));
    }

    /// <summary>
    /// When each item is ready at the earliest: the items before it carried out one piece after the other, those that go to any device on all devices, with
    /// no message from there or to there.
    /// </summary>
    internal static long[] ReadyOf(Problem problem)
    {
        var ready = new long[problem.Fill.Length];
        foreach (var (place, item) in problem.Fill.Index()) ready[place] = item.After.Select(before => EndOf(before, item)).DefaultIfEmpty().Max();
        return ready;

        long EndOf(int place, FillPieces next)
        {
            var item = problem.Fill[place];
            if (!item.IsDealt) return ready[place] + item.Work + (next.IsDealt ? 0 : LagTo(problem, place, next));
            var count = problem.Fill.Where(other => other.Name == item.Name).Sum(other => other.Count);
            return ready[place] + item.Duration * ((count + problem.Devices - 1) / problem.Devices);
        }
    }

    /// <summary>An item must have ended early enough for those after it to be done by theirs.</summary>
    private void HandOnDeadlines()
    {
        for (var place = _due.Length - 1; place >= 0; place--)
        {
            if (_due[place] == Any) continue;
            var item = _problem.Fill[place];
            foreach (var before in item.After)
            {
                var due = _due[place] - item.Work - LagTo(_problem, before, item);
                if (due < _due[before]) (_due[before], _dueFor[before]) = (due, _dueFor[place]);
            }
        }
    }

    private static long LagTo(Problem problem, int before, FillPieces item) => problem.Lag(problem.Fill[before].Device, item.Device);

    /// <summary>Carries out the pieces; they in the order of their starts, and the item that is late.</summary>
    private List<(int Place, int Number)> EarliestDueFirst(out int? late)
    {
        var placed = new List<(int Place, int Number)>();
        var urgent = Enumerable.Range(0, _due.Length).Where(place => _due[place] != Any).ToList();
        var (done, ends, free) = (new int[_due.Length], new long[_due.Length], new long[_problem.Devices]);
        for (var left = urgent.Sum(place => _problem.Fill[place].Count); left > 0; left--)
        {
            var open = urgent.Where(IsOpen).Select(place => (Place: place, Start: Math.Max(free[_problem.Fill[place].Device], ReadyAt(place)))).ToList();
            var begin = open.Min(item => item.Start);
            var next = open.Where(item => item.Start == begin).MinBy(item => _due[item.Place]).Place;
            var piece = _problem.Fill[next];
            placed.Add((next, done[next]++));
            ends[next] = free[piece.Device] = begin + piece.Duration;
            if (ends[next] <= _due[next]) continue;
            late = next;
            return placed;
        }

        late = null;
        return placed;

        bool IsOpen(int place) => done[place] < _problem.Fill[place].Count
            && _problem.Fill[place].After.All(before => done[before] == _problem.Fill[before].Count);

        long ReadyAt(int place) => _problem.Fill[place].After
            .Select(before => ends[before] + LagTo(_problem, before, _problem.Fill[place])).DefaultIfEmpty().Max();
    }

    /// <summary>From the last piece back to the first, each as late as what comes after it lets it.</summary>
    private void MoveLate(List<(int Place, int Number)> placed)
    {
        var (ends, next) = (_due.ToArray(), new long[_problem.Devices]);
        Array.Fill(next, Any);
        foreach (var (place, number) in Enumerable.Reverse(placed))
        {
            var item = _problem.Fill[place];
            if (_latest[place].Length == 0) _latest[place] = new long[item.Count];
            var start = Math.Min(ends[place], next[item.Device]) - item.Duration;
            _latest[place][number] = ends[place] = next[item.Device] = start;
            if (number > 0) continue;
            foreach (var before in item.After) ends[before] = Math.Min(ends[before], start - LagTo(_problem, before, item));
        }
    }
}
