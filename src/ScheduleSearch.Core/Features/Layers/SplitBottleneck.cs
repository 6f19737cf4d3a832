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
/// they are, its forwards and input gradients alone come before those, and all of its work is done in any case. Over all splits, the largest such time of a
/// stage is least where the stages are cut so that it is: the least, over the first layer of the last stage, of the larger of that stage's time and of the
/// least for the layers before it, in O(S x L^2). Under the objective span only the work counts.</para>
/// <para>Several stages to a device: some device takes at least the mean. And whatever the cuts, of the longest k x p + 1 layers one device has k + 1, which
/// take at least what the k + 1 shortest of those do. Two pipes share the microbatches as they like, so there the mean alone counts.</para>
/// <para>The source of the dynamic program is PipeDream's partitioning (Harlap et al. 2018), with the whole iteration in the place of a microbatch.</para>
/// </remarks>
internal sealed class SplitBottleneck
{
    /// <summary>Ticks that no scale has trouble with.</summary>
    private const decimal MostTicks = 1e15m;

    /// <summary>S x L^2 up to which the dynamic program takes a second at most, however little layers take.</summary>
    private const decimal MostCuts = 20_000_000;

    private readonly Profile _profile;
    private readonly LayerCosts _costs;
    private readonly Placement _placement;
    private readonly bool _isSpan;
    private readonly bool _splitsBackward;

    /// <summary>Time of the messages of one microbatch to each stage from the first, and back.</summary>
    private readonly decimal[] _up, _down;

    /// <summary>
    /// The first layers that may be without a backward, and their stages with them: where the mode is not said, all whose gradients take no time. None of
    /// these stages is sent a gradient.
    /// </summary>
    private readonly int _frozen;

    public SplitBottleneck(Profile profile, AskedWays asked)
    {
        (_profile, _costs, _placement) = (profile, new LayerCosts(profile.Layers!), Problem.PlacementOf(profile));
        (_isSpan, _splitsBackward) = (asked.Objective == Objective.Span, asked.SplitBackward);
        _frozen = profile.Mode is not null ? 0 : profile.Layers!.OneByOne().TakeWhile(layer => layer.BackwardInput + layer.BackwardWeight == 0).Count();
        (_up, _down) = (new decimal[_placement.Stages], new decimal[_placement.Stages]);
        for (var stage = 1; stage < _placement.Stages; stage++)
        {
            var (from, to) = (_placement.DeviceOf(0, stage - 1), _placement.DeviceOf(0, stage));
            _up[stage] = _up[stage - 1] + profile.Times.Communication.TimeOf(stage - 1, from, to);
            _down[stage] = _down[stage - 1] + profile.Times.Communication.TimeOf(stage - 1, to, from);
        }
    }

    private int Microbatches => _profile.Pipeline.Microbatches;

    private bool HasBackwards => _profile.Mode != IterationMode.Forward;

    /// <summary>Whether every device has one stage, and the cuts are few enough to go through.</summary>
    public bool IsExact => _placement.Pipes == 1 && _placement.Stages == _placement.Devices
        && (decimal)_placement.Stages * _costs.Count * _costs.Count <= MostCuts;

    /// <summary>
    /// A profile of one operation on one device that takes the least time that any split does: its only schedule is no worse than any of any split.
    /// </summary>
    public Profile Relaxed()
    {
        var time = Floor(IsExact ? Cut().Time : Microbatches * LeastLoad());
        return new()
        {
            Mode = IterationMode.Forward,
            Pipeline = new() { Devices = 1, Microbatches = 1 },
            Times = new() { Unit = _profile.Times.Unit, Forward = time, BackwardInput = 0, BackwardWeight = 0 },
        };
    }

    /// <summary>The split whose busiest stage takes least, and that time; only where <see cref="IsExact"/>.</summary>
    public (decimal Time, ImmutableArray<int> Split) Cut()
    {
        var (stages, layers) = (_placement.Stages, _costs.Count);
        var (least, cuts) = (new decimal?[layers + 1], new int[stages, layers + 1]);
        least[0] = 0;
        for (var stage = 0; stage < stages; stage++)
        {
            var next = new decimal?[layers + 1];
            // Each stage before it has a layer, and so does each after it.
            for (var end = stage + 1; end <= layers - (stages - stage - 1); end++)
            {
                for (var begin = end - 1; begin >= stage; begin--)
                {
                    if (least[begin] is not { } before) continue;
                    var own = TimeOf(stage, begin, end);
                    if (next[end] is not { } best || Math.Max(before, own) < best) (next[end], cuts[stage, end]) = (Math.Max(before, own), begin);
                    // A stage that begins earlier has more work still.
                    if (LoadOf(begin, end) > next[end]) break;
                }
            }

            least = next;
        }

        var split = new int[stages];
        for (var (stage, end) = (stages - 1, layers); stage >= 0; end = cuts[stage, end], stage--) split[stage] = end - cuts[stage, end];
        return (least[layers]!.Value, [.. split]);
    }

    /// <summary>The least work of one microbatch that the busiest device can have.</summary>
    public decimal LeastLoad()
    {
        var work = HasBackwards ? _costs.EachWork() : Enumerable.Range(0, _costs.Count).Select(layer => _costs.Forward[layer + 1] - _costs.Forward[layer]);
        var longest = work.OrderDescending().ToList();
        var least = longest.Sum() / _placement.Devices;
        if (_placement.Pipes > 1) return least;
        for (var others = 0; others * _placement.Devices < longest.Count; others++)
            least = Math.Max(least, longest.GetRange(others * (_placement.Devices - 1), others + 1).Sum());
        return least;
    }

    private decimal LoadOf(int begin, int end) => Microbatches * Between(HasBackwards ? _costs.Work : _costs.Forward, begin, end);

    private decimal TimeOf(int stage, int begin, int end)
    {
        var load = LoadOf(begin, end);
        if (_isSpan) return load;
        var head = _up[stage] + _costs.Forward[begin];
        if (!HasBackwards) return head + load;
        // As many stages as there are such layers may be sent no gradient.
        var tail = _down[stage] - _down[Math.Min(stage, _frozen)] + _costs.BackwardInput[begin];
        return _splitsBackward
            ? head + Math.Max(load, Microbatches * (Between(_costs.Forward, begin, end) + Between(_costs.BackwardInput, begin, end)) + tail)
            : head + load + tail + _costs.BackwardWeight[begin];
    }

    private static decimal Between(decimal[] sums, int begin, int end) => sums[end] - sums[begin];

    /// <summary>Digits that the scale of a problem of one number holds whatever its size, rounded down so that it remains a bound.</summary>
    private static decimal Floor(decimal time)
    {
        var factor = 1_000_000_000m;
        while (factor > 1 && time * factor > MostTicks) factor /= 10;
        return decimal.Floor(time * factor) / factor;
    }
}
