using System.Numerics;

namespace ScheduleSearch.Solver.Search;

/// <summary>
/// Lanes by the time at which each decides next, which can be brought forward or put off: a tournament, in which each node has the earlier of the
/// lanes of the two below it. Ties go to the lower lane.
/// </summary>
internal sealed class LaneQueue
{
    private readonly int _leaves;
    private readonly long[] _time;
    private readonly int[] _first;

    /// <summary>A queue of so many lanes, at least 1, none of which decides yet.</summary>
    public LaneQueue(int lanes)
    {
        _leaves = (int)BitOperations.RoundUpToPowerOf2((uint)lanes);
        _time = new long[_leaves];
        _first = new int[2 * _leaves];
        for (var lane = 0; lane < _leaves; lane++) _first[_leaves + lane] = lane;
        Clear();
    }

    /// <summary>Lets no lane decide.</summary>
    public void Clear()
    {
        Array.Fill(_time, long.MaxValue);
        for (var node = _leaves - 1; node > 0; node--) _first[node] = _first[2 * node];
    }

    /// <summary>Lets a lane decide at a time, or earlier if it already will.</summary>
    public void Bring(int lane, long time)
    {
        if (_time[lane] <= time) return;
        _time[lane] = time;
        for (var node = (_leaves + lane) >> 1; node > 0; node >>= 1)
        {
            var first = _first[node];
            if (first == lane) continue;
            if (_time[first] < time || (_time[first] == time && first < lane)) return;
            _first[node] = lane;
        }
    }

    /// <summary>Lets a lane decide at a time in the place of the one at which it would; not at all at <see cref="long.MaxValue"/>.</summary>
    public void Postpone(int lane, long time)
    {
        _time[lane] = time;
        for (var node = (_leaves + lane) >> 1; node > 0; node >>= 1)
        {
            var (lower, higher) = (_first[2 * node], _first[2 * node + 1]);
            _first[node] = _time[higher] < _time[lower] ? higher : lower;
        }
    }

    /// <summary>The lane that decides first, which stays in the queue; false when none decides.</summary>
    public bool TryPeek(out int lane, out long time)
    {
        lane = _first[1];
        time = _time[lane];
        return time < long.MaxValue;
    }
}
