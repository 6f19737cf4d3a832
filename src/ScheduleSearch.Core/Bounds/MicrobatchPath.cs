using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Bounds;

/// <summary>
/// The times of one microbatch alone on its way up the stages of a pipe and back, and what it costs the devices there.
/// </summary>
/// <remarks>
/// In a pair that overlaps, neither half hands on anything before the pair ends: no way is shorter for it. What the pair saves is taken from the forward's
/// share of the device's work: a pair takes no less than that <see cref="LeastForward"/> and the whole backward.
/// </remarks>
internal sealed class MicrobatchPath
{
    private readonly Problem _problem;
    private readonly int _pipe;
    private readonly long[] _upTo;
    private readonly long[] _downTo;
    private readonly long[] _tails;
    private readonly long _turn;
    private readonly (int Stage, int Trained)[] _lowest;

    public MicrobatchPath(Problem problem, int pipe = 0)
    {
        (_problem, _pipe, _turn) = (problem, pipe, problem.TurnDelay);
        var stages = problem.Stages;
        LeastForward = [.. Enumerable.Range(0, stages).Select(stage => problem.LeastForward(pipe, stage))];
        // Fused, the input gradient is there when the whole backward ends, and nothing is left behind for a weight gradient.
        BackwardInput = problem.SplitBackward
            ? problem.BackwardInput
            : [.. Enumerable.Range(0, stages).Select(stage => problem.BackwardInput[stage] + problem.BackwardWeight[stage])];
        BackwardWeight = problem.SplitBackward ? problem.BackwardWeight : [.. new long[stages]];
        Retained = problem.SplitBackward ? problem.Retained : [.. new long[stages]];
        (_upTo, _downTo, _tails) = (new long[stages], new long[stages], new long[stages]);
        for (var stage = 1; stage < stages; stage++)
        {
            _upTo[stage] = _upTo[stage - 1] + Forward[stage - 1] + Lag(stage - 1, stage);
            if (!problem.HasBackward(stage - 1)) continue;
            _downTo[stage] = _downTo[stage - 1] + BackwardInput[stage] + Lag(stage, stage - 1);
            _tails[stage] = Lag(stage, stage - 1) + BackwardInput[stage - 1] + Math.Max(BackwardWeight[stage - 1], _tails[stage - 1]);
        }

        _lowest =
        [
            .. Enumerable.Range(0, problem.Devices)
                .Where(device => TrainedOn(device) is not [])
                .Select(device => (StagesOn(device)[0], TrainedOn(device)[0])),
        ];
    }

    /// <summary>Ticks of a forward, by stage.</summary>
    public ImmutableArray<long> Forward => _problem.Forward;

    /// <summary>Ticks by which a forward adds to the work of its device at least: as much less as any pair saves, by stage.</summary>
    public ImmutableArray<long> LeastForward { get; }

    /// <summary>Ticks of an input gradient, or of a whole backward where backwards are fused, by stage.</summary>
    public ImmutableArray<long> BackwardInput { get; }

    /// <summary>Ticks of a weight gradient that stands alone, by stage.</summary>
    public ImmutableArray<long> BackwardWeight { get; }

    /// <summary>Memory units that wait for a weight gradient that stands alone, by stage.</summary>
    public ImmutableArray<long> Retained { get; }

    /// <summary>The stages of the pipe on a device, the first one first.</summary>
    public int[] StagesOn(int device) => [.. _problem.Placement.StagesOn(device).Where(stage => stage.Pipe == _pipe).Select(stage => stage.Stage)];

    /// <summary>Those of them that have a backward.</summary>
    public int[] TrainedOn(int device) => Array.FindAll(StagesOn(device), _problem.HasBackward);

    /// <summary>Ticks from the start of the first stage's forward to the start of a stage's forward.</summary>
    public long Head(int stage) => _upTo[stage];

    /// <summary>Ticks of the messages on the way up to a stage.</summary>
    public long LagsUp(int stage) => Enumerable.Range(0, stage).Sum(before => Lag(before, before + 1));

    /// <summary>Ticks of the messages on the way down from a stage to the lowest one that has a backward.</summary>
    public long LagsDown(int stage) => Enumerable.Range(0, stage).Where(_problem.HasBackward).Sum(before => Lag(before + 1, before));

    /// <summary>As <see cref="Head"/>, of the first slice alone.</summary>
    public long HeadOfSlice(int stage) =>
        Enumerable.Range(0, stage).Sum(before => (_problem.SliceCount == 1 ? Forward[before] : _problem.ForwardOf(before, 0)) + Lag(before, before + 1));

    /// <summary>Ticks from the end of a whole backward of the first slice to the end of that on the lowest stage that has one.</summary>
    public long TailOfSlice(int stage) => Enumerable.Range(0, stage).Where(_problem.HasBackward).Sum(before =>
        Lag(before + 1, before) + _problem.BackwardInputOf(before, 0) + _problem.BackwardWeightOf(before, 0));

    /// <summary>Ticks from the end of the last slice's forward on a stage to the end of its way, up the stages after it and back.</summary>
    public long WayAfterForward(int stage)
    {
        var (slice, ticks) = (_problem.SliceCount - 1, 0L);
        for (var next = stage + 1; next < _problem.Stages; next++)
            ticks += Lag(next - 1, next) + (slice == 0 ? Forward[next] : _problem.ForwardOf(next, slice));
        for (var below = _problem.Stages - 1; below >= _problem.FrozenStages; below--)
        {
            ticks += slice == 0 ? BackwardInput[below] : _problem.BackwardInputOf(below, slice);
            if (below > _problem.FrozenStages) ticks += Lag(below, below - 1);
        }

        return ticks;
    }

    /// <summary>Ticks from the start of the forward of one stage to the start of the input gradient of another.</summary>
    public long Turn(int forward, int backward) => _upTo[^1] - _upTo[forward] + Forward[^1] + _turn + _downTo[^1] - _downTo[backward];

    /// <summary>Ticks from the end of a stage's input gradient to the last end on the stages before it.</summary>
    public long Tail(int stage) => _tails[stage];

    /// <summary>
    /// Ticks before a stage's forward and after its input gradient that one device with stages before it spends at least on a microbatch's way: the most of any
    /// device, from the start of its lowest forward, and to the end of the weight gradient of its lowest stage that has one; 0 without such a device.
    /// </summary>
    public long AroundOnOneDevice(int stage) => _lowest.Where(device => device.Trained < stage)
        .Select(device => _upTo[stage] - _upTo[device.Stage] + AfterInputGradient(stage, device.Trained)).DefaultIfEmpty().Max();

    /// <summary>Ticks of all that a stage does for one microbatch, at least.</summary>
    public long WorkOf(int stage) => LeastForward[stage] + BackwardInput[stage] + BackwardWeight[stage];

    /// <summary>Ticks from the end of a stage's input gradient to the end of both gradients of one before it.</summary>
    private long AfterInputGradient(int stage, int before) =>
        _downTo[stage] - BackwardInput[stage] - _downTo[before] + BackwardInput[before] + BackwardWeight[before];

    private long Lag(int from, int to) => _problem.LagBetween(_pipe, from, to);
}
