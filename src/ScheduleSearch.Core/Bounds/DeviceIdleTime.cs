using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Bounds;

/// <summary>What the warm-up and the cool-down cost one device; proved in <see cref="WarmUpCoolDownBound"/>, whose words it uses.</summary>
internal sealed class DeviceIdleTime
{
    private readonly Problem _problem;
    private readonly MicrobatchPath _path;
    private readonly int[] _stages;
    private readonly long _limit;

    public DeviceIdleTime(Problem problem, MicrobatchPath path, int device)
    {
        (_problem, _path) = (problem, path);
        _stages = [.. problem.Placement.StagesOn(device).Select(stage => stage.Stage)];
        _limit = problem.LimitOf(device);
    }

    private int First => _stages[0];

    private int Last => _stages[^1];

    private long OneOfEach => _stages.Sum(stage => _problem.Activation[stage]);

    /// <summary>The least objective that the device allows.</summary>
    public long Least()
    {
        var warmUp = Math.Max(0, _path.Turn(First, Last) - FitsBeforeFirstBackward());
        // Negative: the device has that much more to do than the window is long.
        var coolDown = _path.Turn(Last, First) + _path.BackwardInput[First] + _path.BackwardWeight[First] - HeldBackAtLastForward();
        var disjoint = (Int128)_problem.Microbatches * OneOfEach > _limit;
        var busy = _problem.Microbatches * _stages.Sum(stage => _problem.Forward[stage] + BackwardOf(stage));
        if (_problem.Objective == Objective.Span)
            return busy + (disjoint ? warmUp + Math.Max(0, coolDown) : Math.Max(warmUp, coolDown));

        var pending = PendingAtLastInputGradient();
        var tailBehindAll = Math.Max(0, _path.Tail(First) - pending);
        var tailBehindSlack = Math.Max(0, _path.Tail(First) - Math.Min(pending, _path.BackwardWeight[First] + Math.Max(0, -coolDown)));
        var afterLastForward = Math.Max(0, coolDown) + tailBehindSlack;
        return _path.Head(First) + busy + (disjoint ? warmUp + afterLastForward : Math.Max(warmUp + tailBehindAll, afterLastForward));
    }

    /// <summary>Most ticks of forwards whose activations fit in memory together, one of each stage among them.</summary>
    private long FitsBeforeFirstBackward() =>
        _stages.Sum(stage => _problem.Forward[stage])
        + PendingWork.Most(
            _stages.Select(stage => new PendingStage(_problem.Microbatches - 1, _problem.Activation[stage], _problem.Forward[stage], 0, 0)),
            _limit - OneOfEach);

    /// <summary>Most ticks of work that the device has to do from the start of its last forward on.</summary>
    private long HeldBackAtLastForward() =>
        _problem.Forward[Last]
        + _stages.Sum(BackwardOf)
        + PendingWork.Most(
            _stages.Select(stage => new PendingStage(
                _problem.Microbatches - 1, _problem.Activation[stage], BackwardOf(stage), _path.Retained[stage], _path.BackwardWeight[stage])),
            _limit - OneOfEach);

    /// <summary>Most ticks of weight gradients that the device has to do behind its last input gradient.</summary>
    private long PendingAtLastInputGradient() =>
        _path.BackwardWeight[First]
        + PendingWork.Most(
            _stages.Select(stage => new PendingStage(
                stage == First ? _problem.Microbatches - 1 : _problem.Microbatches, _path.Retained[stage], _path.BackwardWeight[stage], 0, 0)),
            _limit - _problem.Activation[First]);

    private long BackwardOf(int stage) => _path.BackwardInput[stage] + _path.BackwardWeight[stage];
}
