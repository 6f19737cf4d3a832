using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Schedules;

/// <summary>Orders the lanes that nobody has ordered: each serves its operations as they become ready, those of the lowest number first among equals.</summary>
internal static class FirstComeFirstServed
{
    /// <summary>
    /// Fills the orders of all lanes but compute lanes that are empty. What deadlocks stands in the order of the graph. Cost: that of
    /// sorting the operations by time.
    /// </summary>
    public static void Complete(OperationGraph graph, IReadOnlyList<List<int>> orders)
    {
        var isOpen = new bool[orders.Count];
        var isComplete = true;
        for (var lane = graph.Problem.Devices; lane < orders.Count; lane++) isComplete &= !(isOpen[lane] = orders[lane].Count == 0);
        if (isComplete) return;
        new Simulation(graph, orders, isOpen).Run();
    }

    private sealed class Simulation
    {
        private readonly OperationGraph _graph;
        private readonly IReadOnlyList<List<int>> _orders;
        private readonly bool[] _isOpen;
        private readonly int[] _waiting;
        private readonly int[] _next;
        private readonly long[] _ready;
        private readonly long[] _free;
        private readonly PriorityQueue<int, (long Time, int Operation)> _queue = new();

        public Simulation(OperationGraph graph, IReadOnlyList<List<int>> orders, bool[] isOpen)
        {
            (_graph, _orders, _isOpen) = (graph, orders, isOpen);
            (_waiting, _ready, _next) = (new int[graph.Count], new long[graph.Count], new int[graph.Count]);
            _free = new long[orders.Count];
            Array.Fill(_next, -1);
            for (var operation = 0; operation < graph.Count; operation++) _waiting[operation] = graph.DependenciesOf(operation).Length;
            foreach (var order in orders)
            {
                for (var position = 1; position < order.Count; position++)
                {
                    _next[order[position - 1]] = order[position];
                    _waiting[order[position]]++;
                }
            }
        }

        public void Run()
        {
            for (var operation = 0; operation < _waiting.Length; operation++)
            {
                if (_waiting[operation] == 0) _queue.Enqueue(operation, (0, operation));
            }

            while (_queue.TryDequeue(out var operation, out var at)) Serve(operation, at.Time);
            for (var operation = 0; operation < _waiting.Length; operation++)
            {
                if (_waiting[operation] > 0 && _graph.LaneOf[operation] is >= 0 and var lane && _isOpen[lane]) _orders[lane].Add(operation);
            }
        }

        private void Serve(int operation, long time)
        {
            var lane = _graph.LaneOf[operation];
            if (lane >= 0)
            {
                time = Math.Max(time, _free[lane]);
                _free[lane] = time + _graph.Durations[operation];
                if (_isOpen[lane]) _orders[lane].Add(operation);
            }

            var end = time + _graph.Durations[operation];
            foreach (var (dependent, lag) in _graph.DependentsOf(operation)) Release(dependent, end + lag);
            if (_next[operation] >= 0) Release(_next[operation], end);
        }

        private void Release(int operation, long ready)
        {
            _ready[operation] = Math.Max(_ready[operation], ready);
            if (--_waiting[operation] == 0) _queue.Enqueue(operation, (_ready[operation], operation));
        }
    }
}
