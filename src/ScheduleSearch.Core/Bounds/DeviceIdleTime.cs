using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Bounds;

/// <summary>
/// What the warm-up and the cool-down cost one device, whichever pipes are used; proved in <see cref="WarmUpCoolDownBound"/>, whose words
/// it uses.
/// </summary>
internal sealed class DeviceIdleTime
{
    private readonly Problem _problem;
    private readonly PipeOnDevice[] _pipes;
    private readonly long _limit;
    private readonly long _atTurn;
    private readonly long _late;
    private readonly long _heldByLate;

    /// <param name="problem">The problem.</param>
    /// <param name="paths">The ways of the pipes that microbatches may run down.</param>
    /// <param name="device">The device.</param>
    public DeviceIdleTime(Problem problem, IReadOnlyList<MicrobatchPath> paths, int device)
    {
        _problem = problem;
        _pipes = [.. paths.Select(path => new PipeOnDevice(path, path.TrainedOn(device)))];
        _limit = problem.LimitOf(device);
        (_atTurn, _late, _heldByLate) = (problem.WorkAtTurn(device), problem.LateWork(device), problem.HeldAtTurn(device));
    }

    /// <summary>Ticks by which the objective is longer than the work of the device, at least.</summary>
    public long Least()
    {
        if (_pipes.Any(pipe => pipe.Stages is [])) return 0;
        var warmUp = _pipes.Min(WarmUp);
        var disjoint = _pipes.Min(pipe => (Int128)_problem.Microbatches * pipe.Stages.Sum(_problem.KeptAfterForward))
            + _pipes.Min(pipe => _problem.DroppedAfterForward(pipe.Last)) > _limit;
        var after = _pipes.Min(last => _pipes.Min(gradient => AfterLastForward(last, gradient)));
        var tail = _pipes.Min(gradient => Math.Max(0, TailOf(gradient) - PendingAtLastInputGradient(gradient)));
        var head = IsSpan ? 0 : _pipes.Min(pipe => pipe.Path.Head(pipe.First));
        return head + (disjoint ? warmUp + after : Math.Max(warmUp + tail, after));
    }

    private bool IsSpan => _problem.Objective == Objective.Span;

    /// <summary>
    /// Ticks of other devices that work put off fills. Makespan: those after the last input gradient here. Span: those that some device before this one has
    /// to itself, ahead of the first forward here and after the last input gradient; none with two pipes, where none need come before.
    /// </summary>
    private long TailOf(PipeOnDevice pipe) =>
        !IsSpan ? pipe.Path.Tail(pipe.First) : _pipes is [_] ? pipe.Path.AroundOnOneDevice(pipe.First) : 0;

    /// <summary>Idle ticks before the first backward, when it is one of this pipe.</summary>
    private long WarmUp(PipeOnDevice pipe)
    {
        var turn = pipe.Path.Turn(pipe.First, pipe.Last);
        return Math.Max(Math.Max(0, turn - FitsBeforeFirstBackward(pipe)), SavedByNoForward(turn));
    }

    /// <summary>
    /// What the forwards of a window without pairs, of so many ticks at least, take beyond their least, and what is idle there: as in a window full of the
    /// forwards of which pairs save the least share.
    /// </summary>
    private long SavedByNoForward(long window)
    {
        if (_atTurn + _late > 0 || Stages().Any(stage => _problem.RegainWork(stage.Stage) > 0)) return 0;
        return Stages().Where(stage => stage.Path.Forward[stage.Stage] > 0)
            .Select(stage => (Saved: stage.Path.Forward[stage.Stage] - stage.Path.LeastForward[stage.Stage], Of: stage.Path.Forward[stage.Stage]))
            .Select(share => (long)((Int128)window * share.Saved / share.Of))
            .DefaultIfEmpty().Min();

        IEnumerable<(MicrobatchPath Path, int Stage)> Stages() => _pipes.SelectMany(pipe => pipe.Stages.Select(stage => (pipe.Path, stage)));
    }

    /// <summary>
    /// Ticks by which the window after the last forward, when it is one of this pipe, is longer than the work there. Negative: the device has that
    /// much more to do than the window is long.
    /// </summary>
    private long CoolDown(PipeOnDevice pipe) =>
        pipe.Path.Turn(pipe.Last, pipe.First) + pipe.Path.BackwardInput[pipe.First] + pipe.Path.BackwardWeight[pipe.First] - HeldBackAtLastForward(pipe);

    /// <summary>
    /// Least ticks by which idle time after the last forward and the other devices' tail lengthen the objective, over all amounts of work w that are put
    /// off until after the last input gradient: they cost idle time before it and fill the tail. Linear between its corners.
    /// </summary>
    private long AfterLastForward(PipeOnDevice last, PipeOnDevice gradient)
    {
        var (least, most) = (gradient.Path.BackwardWeight[gradient.First], PendingAtLastInputGradient(gradient));
        var (own, idle) = (last.Path.BackwardWeight[last.First], Math.Max(0, CoolDown(last)));
        var slack = own - CoolDown(last);
        var tail = TailOf(gradient);
        return new[] { least, most, own, slack, tail }.Min(corner =>
        {
            var put = Math.Clamp(corner, least, most);
            return Math.Max(idle, put - slack) + Math.Max(put, tail) - put;
        });
    }

    /// <summary>
    /// Most ticks of forwards whose activations fit in memory together, one of each stage of the pipe among them, of what restores those activations, and of
    /// what follows at the turn.
    /// </summary>
    private long FitsBeforeFirstBackward(PipeOnDevice pipe) =>
        pipe.Stages.Sum(stage => pipe.Path.LeastForward[stage]) + _problem.RegainWork(pipe.Last) + _atTurn + _late
        + PendingWork.Most(
            Others(pipe, Forwards).Concat(pipe.Stages.SkipLast(1).Select(stage => new PendingStage(
                1, _problem.DroppedAfterForward(stage), _problem.RegainWork(stage), 0, 0))),
            _limit - OneOfEach(pipe));

    /// <summary>Forwards of a stage, each alone or with what restores its activation.</summary>
    private PendingStage Forwards(PipeOnDevice pipe, int stage, long count)
    {
        var (work, restoring) = (pipe.Path.LeastForward[stage] + (stage == pipe.First ? _atTurn + _late : 0), _problem.RegainWork(stage));
        return restoring == 0
            ? new(count, _problem.KeptAfterForward(stage), work, 0, 0)
            : new(count, _problem.Activation[stage], work + restoring, _problem.KeptAfterForward(stage), work);
    }

    /// <summary>Most ticks of work that the device has to do from the start of its last forward on.</summary>
    private long HeldBackAtLastForward(PipeOnDevice pipe) =>
        pipe.Path.LeastForward[pipe.Last]
        + pipe.Stages.Sum(stage => BackwardOf(pipe.Path, stage)) + _atTurn + _late
        + PendingWork.Most(
            Others(pipe, (other, stage, count) => new PendingStage(
                count,
                _problem.KeptAfterForward(stage),
                BackwardOf(other.Path, stage) + (stage == other.First ? AtTurnOfWhole : 0),
                Math.Min(_problem.KeptAfterForward(stage), other.Path.Retained[stage]),
                other.Path.BackwardWeight[stage])).Concat(Late(_problem.Microbatches - 1)),
            _limit - OneOfEach(pipe));

    /// <summary>Most ticks of weight gradients that the device has to do after its last input gradient, when it is one of this pipe.</summary>
    private long PendingAtLastInputGradient(PipeOnDevice pipe) =>
        pipe.Path.BackwardWeight[pipe.First]
        + PendingWork.Most(
            (from other in _pipes
             from stage in other.Stages
             select new PendingStage(
                 other == pipe && stage == pipe.First ? _problem.Microbatches - 1 : _problem.Microbatches,
                 other.Path.Retained[stage], other.Path.BackwardWeight[stage], 0, 0)).Concat(Late(_problem.Microbatches)),
            _limit - _problem.Activation[pipe.First]);

    /// <summary>Every stage of the device for every microbatch that may run there beside one of a pipe.</summary>
    private IEnumerable<PendingStage> Others(PipeOnDevice pipe, Func<PipeOnDevice, int, long, PendingStage> pending) =>
        from other in _pipes
        from stage in other.Stages
        select pending(other, stage, _problem.Microbatches - 1);

    /// <summary>Work at the turn of a microbatch that holds its whole activation; what nothing waits for counts by itself where it holds nothing.</summary>
    private long AtTurnOfWhole => _heldByLate == 0 ? _atTurn : _atTurn + _late;

    /// <summary>Work that nothing waits for, of so many microbatches.</summary>
    private IEnumerable<PendingStage> Late(long count) => _late == 0 ? [] : [new(count, _heldByLate, _late, 0, 0)];

    /// <summary>Memory units of a microbatch that has been on all stages of the pipe here, and whose whole activation is there on the last one.</summary>
    private long OneOfEach(PipeOnDevice pipe) => pipe.Stages.Sum(_problem.KeptAfterForward) + _problem.DroppedAfterForward(pipe.Last);

    /// <summary>Both gradients, and what restores the activation before them.</summary>
    private long BackwardOf(MicrobatchPath path, int stage) => _problem.RegainWork(stage) + path.BackwardInput[stage] + path.BackwardWeight[stage];

    /// <summary>The stages of a pipe on the device.</summary>
    private sealed record PipeOnDevice(MicrobatchPath Path, int[] Stages)
    {
        public int First => Stages[0];

        public int Last => Stages[^1];
    }
}
