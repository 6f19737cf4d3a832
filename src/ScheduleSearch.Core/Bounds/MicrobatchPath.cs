using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Bounds;

/// <summary>The times of one microbatch alone on its way up the stages and back, for a problem with one pipe.</summary>
internal sealed class MicrobatchPath
{
    private readonly Problem _problem;
    private readonly long[] _upTo;
    private readonly long[] _downTo;
    private readonly long[] _tails;

    public MicrobatchPath(Problem problem)
    {
        _problem = problem;
        var stages = problem.Stages;
        // Fused, the input gradient is there when the whole backward ends, and nothing is left behind for a weight gradient.
        BackwardInput = problem.SplitBackward
            ? problem.BackwardInput
            : [.. Enumerable.Range(0, stages).Select(stage => problem.BackwardInput[stage] + problem.BackwardWeight[stage])];
        BackwardWeight = problem.SplitBackward ? problem.BackwardWeight : [.. new long[stages]];
        Retained = problem.SplitBackward ? problem.Retained : [.. new long[stages]];
        (_upTo, _downTo, _tails) = (new long[stages], new long[stages], new long[stages]);
        for (var stage = 1; stage < stages; stage++)
        {
            _upTo[stage] = _upTo[stage - 1] + problem.Forward[stage - 1] + Lag(stage - 1, stage);
            _downTo[stage] = _downTo[stage - 1] + BackwardInput[stage] + Lag(stage, stage - 1);
            _tails[stage] = Lag(stage, stage - 1) + BackwardInput[stage - 1] + Math.Max(BackwardWeight[stage - 1], _tails[stage - 1]);
        }
    }

    /// <summary>Ticks of an input gradient, or of a whole backward where backwards are fused, by stage.</summary>
    public ImmutableArray<long> BackwardInput { get; }

    /// <summary>Ticks of a weight gradient that stands alone, by stage.</summary>
    public ImmutableArray<long> BackwardWeight { get; }

    /// <summary>Memory units that wait for a weight gradient that stands alone, by stage.</summary>
    public ImmutableArray<long> Retained { get; }

    /// <summary>Ticks from the start of the first stage's forward to the start of a stage's forward.</summary>
    public long Head(int stage) => _upTo[stage];

    /// <summary>Ticks from the start of the forward of one stage to the start of the input gradient of another.</summary>
    public long Turn(int forward, int backward) => _upTo[^1] - _upTo[forward] + _problem.Forward[^1] + _downTo[^1] - _downTo[backward];

    /// <summary>Ticks from the end of a stage's input gradient to the last end on the stages before it.</summary>
    public long Tail(int stage) => _tails[stage];

    private long Lag(int from, int to) => _problem.Lag(_problem.Placement.DeviceOf(0, from), _problem.Placement.DeviceOf(0, to));
}
