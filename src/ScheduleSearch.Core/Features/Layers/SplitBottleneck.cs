using System.Collections.Immutable;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Layers;

/// <summary>
/// The least time that the busiest device takes over all splits which leave no stage empty, by dynamic programming where every device has one stage, and by
/// counting where it has several.
/// </summary>
/// <remarks>
/// <para>One stage to a device: a device begins its first forward once the layers before it have passed theirs on one microbatch, and its microbatches
/// take it m times the work of its layers. If backwards are not split, the layers before it have the last microbatch's backward before them after that; if
/// they are, its forwards, what it recomputes and its input gradients alone come before those, and all of its work is done in any case. Over all splits, the
/// largest such time of a stage is least where the stages are cut so that it is: the least, over the first layer of the last stage, of the larger of that
/// stage's time and of the least for the layers before it, in O(S x L^2). Under the objective span only the work counts. A stage that its device has no room
/// for on one microbatch is none. Layers take what their device makes of them, and those before a stage at least what the fastest device there does.</para>
/// <para>Several stages to a device: some device takes at least the mean, in proportion to the speeds. And whatever the cuts, of the longest n layers
/// each device has some, which take at least what as many of the shortest of those do: no time is enough in which all devices together have room for less
/// than n. That is asked for n = k x p + 1, where of equal devices one has k + 1. Two pipes share the microbatches as they like, so there the mean alone
/// counts.</para>
/// <para>The source of the dynamic program is PipeDream's partitioning (Harlap et al. 2018), with the whole iteration in the place of a microbatch.</para>
/// </remarks>
internal sealed class SplitBottleneck
{
    /// <summary>Ticks that no scale has trouble with.</summary>
    private const decimal MostTicks = 1e15m;

    /// <summary>S x L^2 up to which the dynamic program takes a second at most, however little layers take.</summary>
    private const decimal MostCuts = 20_000_000;

    private const long None = -1;

    private readonly Profile _profile;
    private readonly LayerCosts _costs;
    private readonly LayerTicks _ticks;
    private readonly Placement _placement;
    private readonly bool _isSpan;
    private readonly bool _splitsBackward;

    /// <summary>Time of the messages of one microbatch to each stage from the first, and back.</summary>
    private readonly long[] _up, _down;

    public SplitBottleneck(Profile profile, AskedWays asked)
    {
        (_profile, _costs, _placement) = (profile, new LayerCosts(profile.Layers!), Problem.PlacementOf(profile));
        _ticks = new LayerTicks(profile, _costs, _placement);
        (_isSpan, _splitsBackward) = (asked.Objective == Objective.Span, asked.SplitBackward);
        (_up, _down) = (new long[_placement.Stages], new long[_placement.Stages]);
        for (var stage = 1; stage < _placement.Stages; stage++)
        {
            var (from, to) = (_placement.DeviceOf(0, stage - 1), _placement.DeviceOf(0, stage));
            _up[stage] = _up[stage - 1] + _ticks.TimeScale.ToTicksBelow(profile.Times.Communication.TimeOf(stage - 1, from, to));
            _down[stage] = _down[stage - 1] + _ticks.TimeScale.ToTicksBelow(profile.Times.Communication.TimeOf(stage - 1, to, from));
        }
    }

    private int Microbatches => _profile.Pipeline.Microbatches;

    private bool HasBackwards => _profile.Mode != IterationMode.Forward;

    /// <summary>Whether every device has one stage, and the cuts are few enough to go through.</summary>
    public bool IsExact => _placement.Pipes == 1 && _placement.Stages == _placement.Devices
        && (decimal)_placement.Stages * _costs.Count * _costs.Count <= MostCuts;

    /// <summary>
    /// A profile of one operation on one device that takes the least time that any split does: its only schedule is no worse than any of any split. Null
    /// where no split leaves every device the room that it needs.
    /// </summary>
    public Profile? Relaxed()
    {
        if (!IsExact) return Taking(Floor(Microbatches * LeastLoad()));
        return Cut() is { } cut ? Taking(Floor(cut.Time)) : null;
    }

    /// <summary>
    /// The split whose busiest stage takes least, and that time; null where devices have no room for any split. Only where <see cref="IsExact"/>.
    /// </summary>
    public (decimal Time, ImmutableArray<int> Split)? Cut()
    {
        var (stages, layers) = (_placement.Stages, _costs.Count);
        var (least, cuts) = (new long[layers + 1], new int[stages, layers + 1]);
        Array.Fill(least, None);
        least[0] = 0;
        for (var stage = 0; stage < stages; stage++)
        {
            var (next, times) = (new long[layers + 1], new StageTimes(this, stage));
            Array.Fill(next, None);
            // Each stage before it has a layer, and so does each after it.
            for (var end = stage + 1; end <= layers - (stages - stage - 1); end++)
            {
                for (var begin = end - 1; begin >= stage && times.HasRoom(begin, end); begin--)
                {
                    if (least[begin] == None) continue;
                    var time = Math.Max(least[begin], times.Of(begin, end));
                    if (next[end] == None || time < next[end]) (next[end], cuts[stage, end]) = (time, begin);
                    // A stage that begins earlier has more work still.
                    if (times.LoadOf(begin, end) > next[end]) break;
                }
            }

            least = next;
        }

        if (least[layers] == None) return null;
        var split = new int[stages];
        for (var (stage, end) = (stages - 1, layers); stage >= 0; end = cuts[stage, end], stage--) split[stage] = end - cuts[stage, end];
        return (_ticks.TimeScale.FromTicks(least[layers]), [.. split]);
    }

    /// <summary>The least time that the busiest device can take for one microbatch.</summary>
    public decimal LeastLoad()
    {
        var forward = Enumerable.Range(0, _costs.Count).Select(layer => _costs.Forward[layer + 1] - _costs.Forward[layer]);
        var work = HasBackwards ? _costs.EachWork().Zip(_ticks.EachRecompute, decimal.Add) : forward;
        var longest = work.OrderDescending().ToList();
        var speeds = Enumerable.Range(0, _placement.Devices).Select(_profile.SpeedOf).CountBy(speed => speed).ToList();
        var least = longest.Sum() / speeds.Sum(speed => speed.Key * speed.Value);
        if (_placement.Pipes > 1) return least;
        for (var count = 1; count <= longest.Count; count += _placement.Devices) least = Math.Max(least, TimeForLongest(longest, count, speeds));
        return least;
    }

    /// <summary>The least time in which devices could have some of the longest layers, if each had the shortest of them.</summary>
    /// <param name="longest">All layers, the longest first.</param>
    /// <param name="count">How many of them they are to have.</param>
    /// <param name="speeds">How many devices there are of each speed.</param>
    private static decimal TimeForLongest(List<decimal> longest, int count, List<KeyValuePair<decimal, int>> speeds)
    {
        var (taken, times, time) = (new int[speeds.Count], speeds.Select(speed => longest[count - 1] / speed.Key).ToArray(), 0m);
        for (var had = 0; had < count;)
        {
            // The devices of the speed that has one more layer soonest have it.
            var next = Array.IndexOf(times, times.Min());
            time = times[next];
            had += speeds[next].Value;
            taken[next]++;
            times[next] = taken[next] < count ? time + longest[count - 1 - taken[next]] / speeds[next].Key : decimal.MaxValue;
        }

        return time;
    }

    private Profile Taking(decimal time) => new()
    {
        Mode = IterationMode.Forward,
        Pipeline = new() { Devices = 1, Microbatches = 1 },
        Times = new() { Unit = _profile.Times.Unit, Forward = time, BackwardInput = 0, BackwardWeight = 0 },
    };

    /// <summary>Digits that the scale of a problem of one number holds whatever its size, rounded down so that it remains a bound.</summary>
    private static decimal Floor(decimal time)
    {
        var factor = 1_000_000_000m;
        while (factor > 1 && time * factor > MostTicks) factor /= 10;
        return decimal.Floor(time * factor) / factor;
    }

    private static long Between(long[] sums, int begin, int end) => sums[end] - sums[begin];

    /// <summary>What one stage takes and needs, by its layers.</summary>
    private readonly struct StageTimes
    {
        private readonly SplitBottleneck _splits;
        private readonly int _stage, _device;
        private readonly long _room;

        /// <summary>What the first layers take before its first forward and after its last input gradient, on the fastest of the devices there.</summary>
        private readonly long[] _heads, _tails;

        public StageTimes(SplitBottleneck splits, int stage)
        {
            var (ticks, placement) = (splits._ticks, splits._placement);
            (_splits, _stage, _device) = (splits, stage, placement.DeviceOf(0, stage));
            _room = ticks.RoomOf(_device);
            var fastest = ticks.Fastest(Enumerable.Range(0, stage).Select(earlier => placement.DeviceOf(0, earlier)).DefaultIfEmpty(_device));
            _heads = Array.ConvertAll(ticks.Forward, time => ticks.On(fastest, time));
            _tails = Array.ConvertAll(ticks.BackwardInput, time => ticks.On(fastest, time));
            if (splits._splitsBackward) return;
            for (var layers = 0; layers < _tails.Length; layers++) _tails[layers] += ticks.On(fastest, ticks.BackwardWeight[layers]);
        }

        /// <summary>Whether the device has room for one microbatch on these layers.</summary>
        public bool HasRoom(int begin, int end)
        {
            if (_room == long.MaxValue) return true;
            var ticks = _splits._ticks;
            var held = Between(ticks.Activation, begin, end);
            // What is retained beyond the activation is held by backwards alone.
            if (_splits.HasBackwards && end > ticks.Frozen) held = Math.Max(held, Between(ticks.Retained, begin, end));
            return held + (ticks.CountsWeights ? Between(ticks.Weights, begin, end) : 0) <= _room;
        }

        /// <summary>Time of all its work.</summary>
        public long LoadOf(int begin, int end) => OfAll(_splits.HasBackwards ? _splits._ticks.Work : _splits._ticks.Forward, begin, end);

        /// <summary>The least time of an iteration in which it has these layers.</summary>
        public long Of(int begin, int end)
        {
            var load = LoadOf(begin, end);
            if (_splits._isSpan) return load;
            var head = _splits._up[_stage] + _heads[begin];
            if (!_splits.HasBackwards) return head + load;
            // As many stages as there are such layers may be sent no gradient.
            var tail = _splits._down[_stage] - _splits._down[Math.Min(_stage, _splits._ticks.Frozen)] + _tails[begin];
            if (!_splits._splitsBackward) return head + load + tail;
            var ticks = _splits._ticks;
            return head + Math.Max(load, OfAll(ticks.Forward, begin, end) + OfAll(ticks.Recompute, begin, end) + OfAll(ticks.BackwardInput, begin, end) + tail);
        }

        private long OfAll(long[] sums, int begin, int end) => _splits._ticks.On(_device, _splits.Microbatches * Between(sums, begin, end));
    }
}
