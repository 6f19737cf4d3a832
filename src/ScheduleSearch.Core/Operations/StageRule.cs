using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Operations;

/// <summary>
/// The forward and backward of every stage on every microbatch: activations travel up the stages of its route, gradients back down, and the
/// weight gradient follows the input gradient of its own stage whenever there is time for it. Below the lowest stage that has a backward there are
/// forwards alone. The slices of a microbatch run forwards from the
/// first to the last, since each attends to those before it, and backwards from the last to the first. What the stages hand each other goes
/// through ports, which features wrap.
/// </summary>
internal sealed class StageRule
{
    private const int None = -1;

    private readonly OperationGraphBuilder _builder;
    private readonly Problem _problem;
    private readonly OperationSelection _selection;
    private readonly int[,] _forwards;
    private readonly int[,] _backwards;

    public StageRule(OperationGraphBuilder builder)
    {
        (_builder, _problem, _selection) = (builder, builder.Problem, builder.Selection);
        _forwards = new int[_problem.Stages, _problem.SliceCount];
        _backwards = new int[_problem.Stages, _problem.SliceCount];
    }

    /// <summary>Emits all operations. Cost: linear in them.</summary>
    public void Emit()
    {
        _builder.Provide(Port.Output, cell => new Source(_forwards[cell.Stage, cell.Slice], LagAfter(cell, up: true)));
        _builder.Provide(Port.Activation, cell => new Source(_forwards[cell.Stage, cell.Slice])
        {
            Held = [new HeldPart(_forwards[cell.Stage, cell.Slice], _problem.ActivationOf(cell.Stage, cell.Slice))],
        });
        _builder.Provide(Port.Gradient, cell => new Source(_backwards[cell.Stage, cell.Slice], LagAfter(cell, up: false)));
        var features = _problem.Catalogue.All.OfType<IOperationFeature>().Where(feature => feature.IsPartOf(_problem, _selection)).ToList();
        foreach (var feature in features) feature.Attach(_builder);
        for (var microbatch = 0; microbatch < _problem.Microbatches; microbatch++) EmitMicrobatch(_selection.PipeOf(microbatch), microbatch);
        foreach (var feature in features) feature.Finish(_builder);
    }

    private void EmitMicrobatch(int pipe, int microbatch)
    {
        var stages = _problem.Placement.Routes[pipe].Stages;
        // Stage by stage where forwards free what they took, so that one after the other they hold no more than they need.
        var trained = stages.TakeWhile(stage => !_problem.HasBackward(stage)).Count();
        for (var place = 0; place < trained; place++)
        {
            for (var slice = 0; slice < _problem.SliceCount; slice++) EmitForwardAt(place, slice);
            FreeAfterForward(stages[place]);
        }

        for (var slice = 0; slice < _problem.SliceCount; slice++)
        {
            for (var place = trained; place < stages.Length; place++) EmitForwardAt(place, slice);
        }

        for (var slice = _problem.SliceCount - 1; slice >= 0; slice--)
        {
            for (var place = stages.Length - 1; place >= 0 && _problem.HasBackward(stages[place]); place--)
                EmitBackward(new Cell(pipe, stages[place], microbatch, slice), place == stages.Length - 1 ? None : stages[place + 1]);
        }

        void EmitForwardAt(int place, int slice) =>
            EmitForward(new Cell(pipe, stages[place], microbatch, slice), place == 0 ? None : stages[place - 1]);
    }

    private void EmitForward(Cell cell, int stageBefore)
    {
        var input = stageBefore == None ? _builder.FindSource(Port.Input, cell) : _builder.SourceOf(Port.Output, cell with { Stage = stageBefore });
        var forward = _builder.Add(cell.Of(OperationKind.Forward), DeviceOf(cell), _problem.ForwardOf(cell.Stage, cell.Slice));
        if (input is { } source) _builder.Depend(forward, source);
        if (cell.Slice > 0) _builder.Depend(forward, _forwards[cell.Stage, cell.Slice - 1]);
        _forwards[cell.Stage, cell.Slice] = forward;
    }

    /// <summary>The backward of a slice, after that of the next stage on this slice and that of this stage on the next slice.</summary>
    private void EmitBackward(Cell cell, int stageAfter)
    {
        var (stage, slice) = (cell.Stage, cell.Slice);
        var gradient = stageAfter == None
            ? _builder.FindSource(Port.OutputGradient, cell)
            : _builder.SourceOf(Port.Gradient, cell with { Stage = stageAfter });
        var activation = _builder.SourceOf(Port.Activation, cell);
        var backward = _selection.IsFused(stage, cell.Microbatch, slice) ? EmitFused(cell, activation.Held) : EmitSplit(cell, activation.Held);
        if (gradient is { } source) _builder.Depend(backward, source);
        if (slice < _problem.SliceCount - 1) _builder.Depend(backward, _backwards[stage, slice + 1]);
        _builder.Depend(backward, activation);
        _backwards[stage, slice] = backward;
        if (slice == 0) FreeKeysAndValues(stage, backward);
    }

    private int EmitFused(Cell cell, ImmutableArray<HeldPart> held)
    {
        var (stage, slice) = (cell.Stage, cell.Slice);
        var backward = _builder.Add(
            cell.Of(OperationKind.Backward), DeviceOf(cell), _problem.BackwardInputOf(stage, slice) + _problem.BackwardWeightOf(stage, slice));
        foreach (var part in held) _builder.Hold(part.TakenBy, backward, part.Units);
        return backward;
    }

    /// <summary>The input gradient frees the activation but for what is retained, which the weight gradient frees.</summary>
    private int EmitSplit(Cell cell, ImmutableArray<HeldPart> held)
    {
        var (stage, slice) = (cell.Stage, cell.Slice);
        var backward = _builder.Add(cell.Of(OperationKind.BackwardInput), DeviceOf(cell), _problem.BackwardInputOf(stage, slice));
        var weight = _builder.Add(cell.Of(OperationKind.BackwardWeight), DeviceOf(cell), _problem.BackwardWeightOf(stage, slice));
        _builder.Depend(weight, backward);
        var left = _problem.ActivationOf(stage, slice) - _problem.RetainedOf(stage, slice);
        foreach (var part in held)
        {
            var freed = Math.Min(part.Units, left);
            _builder.Hold(part.TakenBy, backward, freed);
            _builder.Hold(part.TakenBy, weight, part.Units - freed);
            left -= freed;
        }

        return backward;
    }

    /// <summary>Where no backward reads it, an activation goes when its forward ends, and keys and values when the last slice's does.</summary>
    private void FreeAfterForward(int stage)
    {
        for (var slice = 0; slice < _problem.SliceCount; slice++)
        {
            _builder.Hold(_forwards[stage, slice], _forwards[stage, slice], _problem.ActivationOf(stage, slice));
            _builder.Hold(_forwards[stage, slice], _forwards[stage, _problem.SliceCount - 1], _problem.KeyValue[stage]);
        }
    }

    /// <summary>The keys and values of all slices go when the first slice's backward ends.</summary>
    private void FreeKeysAndValues(int stage, int backward)
    {
        for (var slice = 0; slice < _problem.SliceCount; slice++) _builder.Hold(_forwards[stage, slice], backward, _problem.KeyValue[stage]);
    }

    private long LagAfter(Cell cell, bool up) =>
        _problem.Placement.Routes[cell.Pipe].Neighbour(cell.Stage, up) is { } stage ? _problem.LagBetween(cell.Pipe, cell.Stage, stage) : 0;

    private int DeviceOf(Cell cell) => _problem.Placement.DeviceOf(cell.Pipe, cell.Stage);
}
