using System.Runtime.InteropServices;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Evaluation;

/// <summary>Numbers what has a factor of its own, and the messages that may take longer, over all orders of a problem that are replayed together.</summary>
/// <param name="problem">The problem.</param>
/// <param name="noise">The noise.</param>
internal sealed class NoiseKeys(Problem problem, Noise noise)
{
    /// <summary>The number of what multiplies nothing.</summary>
    public const int One = 0;

    private readonly Dictionary<NoiseKey, int> _factors = [];
    private readonly Dictionary<ulong, int> _messages = [];

    /// <summary>The keys, by number; that of <see cref="One"/> stands for none.</summary>
    public List<NoiseKey> Factors { get; } = [default];

    /// <summary>The draws of messages, by number.</summary>
    public List<ulong> Messages { get; } = [];

    /// <summary>The parts that a duration is the sum of: ticks, and the number of what multiplies them.</summary>
    public IEnumerable<(double Ticks, int Key)> PartsOf(Operation operation, long duration, Operation? overlapped)
    {
        var ticks = (double)duration;
        if (operation.Facts.Role is OperationRole.Message or OperationRole.Update || !operation.Facts.IsOfMicrobatch)
            return [(ticks, One)];
        if (overlapped is not { } backward) return Shared(ticks, WeightsOf(operation));
        // A pair takes less time than its halves: each has its share of it.
        return Shared(ticks, [.. WeightsOf(operation), .. WeightsOf(backward)]);
    }

    /// <summary>The number of a message; -1 where none takes longer.</summary>
    public int MessageOf(Operation sender, bool up)
    {
        if (noise.Spikes is not { Probability: > 0, Size: > 0 }) return -1;
        var draw = NoiseKey.DrawOf(up ? DrawSource.Output : DrawSource.Gradient, sender.Stage, sender.Microbatch, sender.Slice);
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_messages, draw, out var known);
        if (known) return number;
        number = Messages.Count;
        Messages.Add(draw);
        return number;
    }

    private IEnumerable<(double Ticks, int Key)> Shared(double ticks, IReadOnlyList<(double Weight, NoiseKey Key)> weights)
    {
        var whole = weights.Sum(part => part.Weight);
        foreach (var part in weights.GroupBy(part => part.Key))
        {
            var share = part.Sum(each => each.Weight);
            // What is no sum stays as it is to the last digit.
            if (share == whole) yield return (ticks, NumberOf(part.Key));
            else if (share > 0) yield return (ticks * share / whole, NumberOf(part.Key));
            if (share == whole) break;
        }
    }

    private IReadOnlyList<(double Weight, NoiseKey Key)> WeightsOf(Operation operation)
    {
        var (stage, slice) = (operation.Stage, operation.Slice);
        return operation.Facts.Role switch
        {
            OperationRole.Forward => [(problem.TicksUpward(operation.Microbatch, problem.ForwardOf(stage, slice)), Key(SampledPart.Forward))],
            OperationRole.Restore => [(1, Key(SampledPart.Forward))],
            OperationRole.InputGradient => [(1, Key(SampledPart.BackwardInput))],
            OperationRole.WeightGradient => [(1, Key(SampledPart.BackwardWeight))],
            OperationRole.WholeBackward =>
            [
                (problem.TicksDownward(operation.Microbatch, problem.BackwardInputOf(stage, slice)), Key(SampledPart.BackwardInput)),
                (problem.TicksDownward(operation.Microbatch, problem.BackwardWeightOf(stage, slice)), Key(SampledPart.BackwardWeight)),
            ],
            _ => [(1, Key(SampledPart.None))],
        };

        NoiseKey Key(SampledPart part) => new(operation.Facts.RunsUpward, noise.Samples is null ? SampledPart.None : part, stage, operation.Microbatch, slice);
    }

    private int NumberOf(NoiseKey key)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_factors, key, out var known);
        if (known) return number;
        number = Factors.Count;
        Factors.Add(key);
        return number;
    }
}
