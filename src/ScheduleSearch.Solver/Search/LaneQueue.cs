namespace ScheduleSearch.Solver.Search;

/// <summary>Lanes by the time at which each decides next: a binary heap in which a lane's time can be brought forward. Ties go to the lower lane.</summary>
internal sealed class LaneQueue(int lanes)
{
    private const int Absent = -1;

    private readonly int[] _heap = new int[lanes];
    private readonly int[] _place = new int[lanes];
    private readonly long[] _time = new long[lanes];
    private int _count;

    /// <summary>Removes all lanes.</summary>
    public void Clear()
    {
        _count = 0;
        Array.Fill(_place, Absent);
    }

    /// <summary>Lets a lane decide at a time, or earlier if it already will.</summary>
    public void Bring(int lane, long time)
    {
        var place = _place[lane];
        if (place == Absent) place = _count++;
        else if (_time[lane] <= time) return;
        _time[lane] = time;
        while (place > 0)
        {
            var parent = (place - 1) >> 1;
            if (!Precedes(lane, _heap[parent])) break;
            Put(_heap[parent], place);
            place = parent;
        }

        Put(lane, place);
    }

    /// <summary>Removes the lane that decides first.</summary>
    public bool TryTake(out int lane, out long time)
    {
        if (_count == 0)
        {
            (lane, time) = (Absent, 0);
            return false;
        }

        lane = _heap[0];
        time = _time[lane];
        _place[lane] = Absent;
        if (--_count > 0) Sink(_heap[_count]);
        return true;
    }

    private void Sink(int lane)
    {
        var place = 0;
        for (var child = 1; child < _count; child = 2 * place + 1)
        {
            if (child + 1 < _count && Precedes(_heap[child + 1], _heap[child])) child++;
            if (!Precedes(_heap[child], lane)) break;
            Put(_heap[child], place);
            place = child;
        }

        Put(lane, place);
    }

    private bool Precedes(int lane, int other) => _time[lane] != _time[other] ? _time[lane] < _time[other] : lane < other;

    private void Put(int lane, int place) => (_heap[place], _place[lane]) = (lane, place);
}
