using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Evaluation;

/// <summary>
/// The links, from one device to another, that messages of an iteration take: as dependencies between operations of two devices, or, where they travel one
/// at a time, as operations of their own.
/// </summary>
internal sealed class GraphLinks
{
    private const int None = -1;

    private readonly OperationGraph _graph;
    private readonly Dictionary<(int From, int To), int> _numbers;

    /// <summary>Cost: linear in the dependencies.</summary>
    public GraphLinks(OperationGraph graph)
    {
        _graph = graph;
        var links = new SortedSet<(int From, int To)>();
        for (var operation = 0; operation < graph.Count; operation++)
        {
            if (EndsOf(operation) is { } message) links.Add(message);
            foreach (var (dependency, _) in graph.DependenciesOf(operation))
            {
                if (EndsOf(dependency, operation) is { } edge) links.Add(edge);
            }
        }

        All = [.. links];
        _numbers = All.Index().ToDictionary(link => link.Item, link => link.Index);
    }

    /// <summary>The links, those of lower devices first.</summary>
    public IReadOnlyList<(int From, int To)> All { get; }

    /// <summary>The number of the link by which a result comes from one operation to another; -1 where it comes by none.</summary>
    public int OfEdge(int from, int to) => EndsOf(from, to) is { } link ? _numbers[link] : None;

    /// <summary>The number of the link that an operation is a message on; -1 where it is none.</summary>
    public int OfOperation(int operation) => EndsOf(operation) is { } link ? _numbers[link] : None;

    private (int From, int To)? EndsOf(int from, int to)
    {
        if (DeviceOf(from) is not { } sender || DeviceOf(to) is not { } reader || sender == reader) return null;
        return (sender, reader);
    }

    private (int From, int To)? EndsOf(int message)
    {
        if (_graph.Operations[message].Facts.Role != OperationRole.Message) return null;
        foreach (var (reader, _) in _graph.DependentsOf(message))
        {
            if (DeviceOf(reader) is { } device) return (_graph.DeviceOf(message), device);
        }

        return null;
    }

    /// <summary>The device that computes an operation; null for messages and barriers.</summary>
    private int? DeviceOf(int operation) =>
        _graph.LaneOf[operation] is var lane and not OperationGraph.NoLane && _graph.IsCompute(lane) ? lane : null;
}
