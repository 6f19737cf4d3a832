namespace ScheduleSearch.Solver.Search;

/// <summary>Places of a window by a key, the least first: a binary heap that holds each place once.</summary>
internal sealed class PlaceQueue
{
    private bool[] _isIn = [];
    private (long Key, int Place)[] _heap = [];
    private int _count;

    /// <summary>Makes room for places up to a number.</summary>
    public void Grow(int places)
    {
        if (_isIn.Length >= places) return;
        (_isIn, _heap) = (new bool[2 * places], new (long, int)[2 * places]);
    }

    /// <summary>Removes all places.</summary>
    public void Clear()
    {
        for (var at = 0; at < _count; at++) _isIn[_heap[at].Place] = false;
        _count = 0;
    }

    /// <summary>Adds a place, unless it is there already.</summary>
    public void Add(int place, long key)
    {
        if (_isIn[place]) return;
        _isIn[place] = true;
        var at = _count++;
        while (at > 0)
        {
            var parent = (at - 1) >> 1;
            if (_heap[parent].Key <= key) break;
            _heap[at] = _heap[parent];
            at = parent;
        }

        _heap[at] = (key, place);
    }

    /// <summary>Takes the place with the least key.</summary>
    public bool TryTake(out int place)
    {
        place = -1;
        if (_count == 0) return false;
        place = _heap[0].Place;
        _isIn[place] = false;
        var last = _heap[--_count];
        var at = 0;
        for (var child = 1; child < _count; child = 2 * at + 1)
        {
            if (child + 1 < _count && _heap[child + 1].Key < _heap[child].Key) child++;
            if (_heap[child].Key >= last.Key) break;
            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = last;
        return true;
    }
}
