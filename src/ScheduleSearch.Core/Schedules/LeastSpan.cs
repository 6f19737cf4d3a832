using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Schedules;

/// <summary>
/// The starts of an order that make its largest device span least.
/// </summary>
/// <remarks>
/// A span R is possible when "the first operation of device d starts no earlier than R before the end of its last one" can hold for all d
/// together: a system of difference constraints. Its least R is the largest mean weight of a circle of devices d -> e -> ... -> d, where
/// d -> e weighs the longest path from the start of d's first operation to the end of e's last one. As in Howard's algorithm, R starts
/// too small; while the constraints at R push starts up for ever, the circle that pushes them gives the next, larger R. R is rounded up
/// to a whole tick, which is why problems with this objective have fine ticks.
/// </remarks>
internal static class LeastSpan
{
    private const int None = -1;

    /// <exception cref="InvalidOperationException">The rounds come to no end, which no order should make them do.</exception>
    public static long[] Starts(LaneSequence lanes)
    {
        var search = new State(lanes);
        while (!search.Settled())
        {
        }

        // Of the devices that push each other one was not pushed itself: it starts at 0.
        return search.Starts;
    }

    private sealed class State
    {
        private readonly LaneSequence _lanes;
        private readonly OperationGraph _graph;
        private readonly int[] _origins;
        private readonly long[] _releases;
        private readonly int[] _pushedBy;
        private readonly long[] _weights;
        private long _span;
        private int _rounds;

        public State(LaneSequence lanes)
        {
            _lanes = lanes;
            _graph = lanes.Schedule.Graph;
            Starts = new long[_graph.Count];
            _origins = new int[_graph.Count];
            _releases = new long[_graph.Lanes.Count];
            _pushedBy = new int[_releases.Length];
            _weights = new long[_releases.Length];
            Array.Fill(_pushedBy, None);
            _span = BusiestLane();
        }

        public long[] Starts { get; }

        /// <summary>One round: replay with the present releases, then push up the first operations that start too early for the present span.</summary>
        public bool Settled()
        {
            Pass();
            var settled = true;
            for (var lane = 0; lane < _releases.Length; lane++)
            {
                var order = _lanes.Schedule.OrderOf(lane);
                if (order.IsEmpty || !_graph.IsCompute(lane)) continue;
                var last = order[^1];
                var end = Starts[last] + _graph.Durations[last];
                if (end - _span <= Starts[order[0]]) continue;
                _releases[lane] = end - _span;
                _pushedBy[lane] = _origins[last];
                _weights[lane] = end - Starts[_lanes.Schedule.OrderOf(_origins[last])[0]];
                settled = false;
            }

            if (!settled) Advance();
            return settled;
        }

        /// <summary>
        /// Goes on with the span of a circle once there is one. What is pushed in one round follows from what was pushed in the round before it, so
        /// that more rounds than lanes close a circle, and a circle that pushes starts up has a mean weight above the span.
        /// </summary>
        private void Advance()
        {
            var circle = LargestCircle();
            if (circle <= _span || (circle is null && ++_rounds > _releases.Length))
                throw new InvalidOperationException($"The starts of the devices keep moving at a span of {_span} ticks.");
            if (circle is not { } larger) return;
            (_span, _rounds) = (larger, 0);
            Array.Clear(_releases);
            Array.Fill(_pushedBy, None);
        }

        /// <summary>Earliest starts under the releases; the origin of an operation is the lane whose first operation its start follows from.</summary>
        private void Pass()
        {
            foreach (var operation in _lanes.Operations)
            {
                var previous = _lanes.PreviousOnLane(operation);
                var lane = _graph.LaneOf[operation];
                var release = lane == OperationGraph.NoLane ? 0 : _releases[lane];
                var (start, origin) = previous == None
                    ? (release, Math.Max(lane, 0))
                    : (Starts[previous] + _graph.Durations[previous], _origins[previous]);
                foreach (var (dependency, lag) in _graph.DependenciesOf(operation))
                {
                    var ready = Starts[dependency] + _graph.Durations[dependency] + lag;
                    // A first operation that was not pushed follows its dependency, so that circles are traced to what really drives them.
                    if (ready < start || (ready == start && (previous != None || release > 0))) continue;
                    (start, origin) = (ready, _origins[dependency]);
                }

                (Starts[operation], _origins[operation]) = (start, origin);
            }
        }

        private long BusiestLane()
        {
            var busy = new long[_releases.Length];
            for (var lane = 0; lane < busy.Length; lane++)
            {
                if (!_graph.IsCompute(lane)) continue;
                foreach (var operation in _lanes.Schedule.OrderOf(lane)) busy[lane] += _graph.Durations[operation];
            }

            return busy.Max();
        }

        /// <summary>The mean weight, rounded up, of a circle among the devices that push each other; null when there is none.</summary>
        private long? LargestCircle()
        {
            var mark = new int[_pushedBy.Length];
            for (var begin = 0; begin < mark.Length; begin++)
            {
                var at = begin;
                while (at != None && mark[at] == 0)
                {
                    mark[at] = begin + 1;
                    at = _pushedBy[at];
                }

                if (at == None || mark[at] != begin + 1) continue;
                var (weight, length) = (0L, 0);
                for (var on = at; length == 0 || on != at; on = _pushedBy[on]) (weight, length) = (weight + _weights[on], length + 1);
                return (weight + length - 1) / length;
            }

            return null;
        }
    }
}
