namespace ScheduleSearch.Solver.Search;

/// <summary>Edges of a window's places to others, with the lag between the two, in one array that is written over from cut to cut.</summary>
internal sealed class PlaceEdges
{
    private int[] _first = [0];
    private (int Place, long Lag)[] _edges = [];
    private int _places;
    private int _count;

    /// <summary>The edges of a place.</summary>
    public ReadOnlySpan<(int Place, long Lag)> Of(int place) => _edges.AsSpan(_first[place], _first[place + 1] - _first[place]);

    /// <summary>Forgets all places.</summary>
    public void Clear() => (_places, _count) = (0, 0);

    /// <summary>Adds an edge to the place that comes after those that are closed.</summary>
    public void Add(int place, long lag)
    {
        if (_count == _edges.Length) Array.Resize(ref _edges, Math.Max(16, 2 * _count));
        _edges[_count++] = (place, lag);
    }

    /// <summary>Closes the next place: it has the edges that were added since the one before it.</summary>
    public void Close()
    {
        if (++_places == _first.Length) Array.Resize(ref _first, 2 * _places);
        _first[_places] = _count;
    }
}
