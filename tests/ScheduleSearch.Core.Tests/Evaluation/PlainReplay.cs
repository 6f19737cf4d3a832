using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Tests.Evaluation;

/// <summary>Replays of an order with any durations: a longest path, node by node, that shares nothing with the evaluator but the graph.</summary>
internal sealed class PlainReplay
{
    private readonly Schedule _schedule;
    private readonly List<Edge>[] _into;
    private readonly List<int> _sorted = [];

    public PlainReplay(Schedule schedule)
    {
        (_schedule, Graph) = (schedule, schedule.Graph);
        _into = [.. Enumerable.Range(0, Graph.Count).Select(_ => new List<Edge>())];
        for (var operation = 0; operation < Graph.Count; operation++)
        {
            foreach (var (dependency, lag) in Graph.DependenciesOf(operation)) Add(new Edge(dependency, operation, lag));
        }

        for (var lane = 0; lane < Graph.Lanes.Count; lane++)
        {
            var order = schedule.OrderOf(lane);
            for (var position = 1; position < order.Length; position++) Add(new Edge(order[position - 1], order[position], 0));
        }

        var done = new bool[Graph.Count];
        for (var operation = 0; operation < Graph.Count; operation++) Visit(operation);

        void Add(Edge edge)
        {
            _into[edge.To].Add(edge);
            Edges.Add(edge);
        }

        void Visit(int operation)
        {
            if (done[operation]) return;
            done[operation] = true;
            foreach (var edge in _into[operation]) Visit(edge.From);
            _sorted.Add(operation);
        }
    }

    public OperationGraph Graph { get; }

    /// <summary>All dependencies, those of lanes last.</summary>
    public List<Edge> Edges { get; } = [];

    /// <summary>The makespan, or the span of devices that begin no earlier than they do in a timeline.</summary>
    public double Length(Func<int, double> duration, Func<Edge, double> lag, Timeline timeline)
    {
        var isSpan = _schedule.Problem.Objective == Objective.Span;
        var (starts, ends) = (new double[Graph.Count], new double[Graph.Count]);
        foreach (var operation in _sorted)
        {
            var lane = Graph.LaneOf[operation];
            var isFirst = isSpan && lane >= 0 && Graph.IsCompute(lane) && _schedule.OrderOf(lane)[0] == operation;
            var start = isFirst ? timeline.StartOf(operation) : 0.0;
            foreach (var edge in _into[operation]) start = Math.Max(start, ends[edge.From] + lag(edge));
            (starts[operation], ends[operation]) = (start, start + duration(operation));
        }

        return Enumerable.Range(0, _schedule.Problem.Devices).Max(device =>
        {
            var order = _schedule.OrderOf(device);
            return ends[order[^1]] - (isSpan ? starts[order[0]] : 0);
        });
    }
}
