namespace ScheduleSearch.Core.Operations;

/// <summary>Edges by operation, in one array.</summary>
internal sealed class Adjacency
{
    private readonly int[] _first;
    private readonly Dependency[] _edges;

    public Adjacency(int count, ReadOnlySpan<Edge> edges, Func<Edge, int> key, Func<Edge, int> neighbour)
    {
        _first = new int[count + 1];
        foreach (var edge in edges) _first[key(edge) + 1]++;
        for (var operation = 0; operation < count; operation++) _first[operation + 1] += _first[operation];
        _edges = new Dependency[edges.Length];
        var next = _first.AsSpan(0, count).ToArray();
        foreach (var edge in edges) _edges[next[key(edge)]++] = new Dependency(neighbour(edge), edge.Lag);
    }

    public ReadOnlySpan<Dependency> Of(int operation) => _edges.AsSpan(_first[operation].._first[operation + 1]);
}
