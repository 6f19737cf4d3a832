using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Evaluation;

/// <summary>
/// An order as arrays, in an order in which operations can run: what each waits for, and the parts of its duration. The order of every lane is that of the
/// schedule, whatever the durations are, so that no device ever holds more than it does there; and where the objective is the span, no device begins before
/// it does there.
/// </summary>
internal sealed class OrderNetwork
{
    private const int None = -1;

    private readonly double[] _releases;
    private readonly int[] _firstEdge;
    private readonly int[] _firstPart;
    private readonly (double Ticks, int Key)[] _parts;
    private readonly double[] _lags;
    private readonly int[] _messages;
    private readonly int[] _spikeOf;
    private readonly int[] _linkOfEdge;
    private readonly int[] _linkOfPlace;
    private readonly (int First, int Last)[] _devices;
    private readonly bool _isSpan;

    /// <summary>Cost: linear in the operations and dependencies.</summary>
    /// <param name="timeline">The schedule with its times.</param>
    /// <param name="keys">Numbers what has a factor of its own.</param>
    /// <param name="speeds">What the durations of each device are multiplied by.</param>
    public OrderNetwork(Timeline timeline, NoiseKeys keys, ReadOnlySpan<double> speeds)
    {
        var (schedule, graph) = (timeline.Schedule, timeline.Graph);
        var (lanes, links) = (new LaneSequence(schedule), new GraphLinks(graph));
        (Timeline, Operations, Links) = (timeline, lanes.Operations.ToArray(), links);
        _isSpan = schedule.Problem.Objective == Objective.Span;
        var placeOf = new int[graph.Count];
        for (var place = 0; place < Operations.Length; place++) placeOf[Operations[place]] = place;
        (Previous, _releases, _spikeOf) = (new int[graph.Count], new double[graph.Count], new int[graph.Count]);
        (_firstEdge, _firstPart) = (new int[graph.Count + 1], new int[graph.Count + 1]);
        var (from, lags, messages, parts) = (new List<int>(), new List<double>(), new List<int>(), new List<(double Ticks, int Key)>());
        var linkOfEdge = new List<int>();
        _linkOfPlace = new int[graph.Count];
        for (var place = 0; place < Operations.Length; place++)
        {
            var index = Operations[place];
            var (operation, lane) = (graph.Operations[index], graph.LaneOf[index]);
            Previous[place] = lanes.PreviousOnLane(index) is >= 0 and var before ? placeOf[before] : None;
            if (_isSpan && Previous[place] == None && lane >= 0 && graph.IsCompute(lane)) _releases[place] = timeline.StartOf(index);
            foreach (var (dependency, lag) in graph.DependenciesOf(index))
            {
                from.Add(placeOf[dependency]);
                lags.Add(lag);
                var sender = graph.Operations[dependency];
                linkOfEdge.Add(links.OfEdge(dependency, index));
                messages.Add(linkOfEdge[^1] == None ? None : keys.MessageOf(sender, sender.Facts.RunsUpward));
            }

            _linkOfPlace[place] = links.OfOperation(index);
            _spikeOf[place] = operation.Facts.Role == OperationRole.Message ? keys.MessageOf(operation, operation.Facts.RunsUpward) : None;
            var speed = lane >= 0 && graph.IsCompute(lane) ? speeds[lane] : 1;
            Operation? overlapped = graph.Selection.Pairs.TryGetValue(operation, out var backward) ? backward : null;
            foreach (var (ticks, key) in keys.PartsOf(operation, graph.Durations[index], overlapped)) parts.Add((ticks * speed, key));
            (_firstEdge[place + 1], _firstPart[place + 1]) = (from.Count, parts.Count);
        }

        (From, _lags, _messages, _parts, _linkOfEdge) = ([.. from], [.. lags], [.. messages], [.. parts], [.. linkOfEdge]);
        _devices = [.. Enumerable.Range(0, schedule.Problem.Devices).Select(device => schedule.OrderOf(device).ToArray())
            .Where(order => order.Length > 0).Select(order => (placeOf[order[0]], placeOf[order[^1]]))];
    }

    /// <summary>The schedule with its times.</summary>
    public Timeline Timeline { get; }

    /// <summary>The operations in their order, by their index in the graph.</summary>
    public int[] Operations { get; }

    /// <summary>The number of operations.</summary>
    public int Count => Operations.Length;

    /// <summary>The links that messages take.</summary>
    public GraphLinks Links { get; }

    /// <summary>For each operation the place of the one before it on its lane; -1 for the first.</summary>
    public int[] Previous { get; }

    /// <summary>The places of what operations wait for: those of an operation stand together.</summary>
    public int[] From { get; }

    /// <summary>The dependencies of the operation at a place, as indices of <see cref="From"/>.</summary>
    public (int Begin, int End) EdgesOf(int place) => (_firstEdge[place], _firstEdge[place + 1]);

    /// <summary>The number of the link by which what an operation waits for comes; -1 where it comes by none.</summary>
    public int LinkOfEdge(int edge) => _linkOfEdge[edge];

    /// <summary>The number of the link that the operation at a place is a message on; -1 where it is none.</summary>
    public int LinkOfPlace(int place) => _linkOfPlace[place];

    /// <summary>Ticks from the end of what an operation waits for to when that is there, in one replay of a block.</summary>
    public double LagOf(int edge, NoiseBlock block, int lane) =>
        _messages[edge] is >= 0 and var message ? _lags[edge] + block.Spikes[message * NoiseBlock.Width + lane] : _lags[edge];

    /// <summary>Replays the order with the durations of a block.</summary>
    /// <param name="block">What is drawn.</param>
    /// <param name="times">Where starts and ends are put.</param>
    // Most evaluations are over before the runtime would compile this a second time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Replay(NoiseBlock block, ReplayTimes times)
    {
        var factors = block.Factors;
        var spikes = MemoryMarshal.Cast<double, Vector<double>>(block.Spikes);
        var starts = MemoryMarshal.Cast<double, Vector<double>>(times.Starts);
        var ends = MemoryMarshal.Cast<double, Vector<double>>(times.Ends);
        var vectors = NoiseBlock.Width / Vector<double>.Count;
        for (var place = 0; place < Operations.Length; place++)
        {
            var (begin, end) = EdgesOf(place);
            for (var vector = 0; vector < vectors; vector++)
            {
                var start = new Vector<double>(_releases[place]);
                if (Previous[place] is >= 0 and var previous) start = Vector.Max(start, ends[previous * vectors + vector]);
                for (var edge = begin; edge < end; edge++)
                {
                    var ready = _messages[edge] is >= 0 and var message
                        ? ends[From[edge] * vectors + vector] + (new Vector<double>(_lags[edge]) + spikes[message * vectors + vector])
                        : ends[From[edge] * vectors + vector] + new Vector<double>(_lags[edge]);
                    start = Vector.Max(start, ready);
                }

                var duration = _spikeOf[place] is >= 0 and var spike ? spikes[spike * vectors + vector] : Vector<double>.Zero;
                for (var part = _firstPart[place]; part < _firstPart[place + 1]; part++)
                    duration += _parts[part].Ticks * factors[_parts[part].Key * vectors + vector];
                starts[place * vectors + vector] = start;
                ends[place * vectors + vector] = start + duration;
            }
        }
    }

    /// <summary>What a replay took by the problem's objective, and the operation with which it ended, by place.</summary>
    public (double Length, int Last) LengthOf(ReplayTimes times, int lane)
    {
        var (length, ending) = (double.NegativeInfinity, None);
        foreach (var (first, last) in _devices)
        {
            var own = times.EndOf(last, lane) - (_isSpan ? times.StartOf(first, lane) : 0);
            if (own > length) (length, ending) = (own, last);
        }

        return (length, ending);
    }
}
