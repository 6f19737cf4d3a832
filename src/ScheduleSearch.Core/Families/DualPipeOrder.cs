using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// The order of one device of DualPipe and DualPipeV, which differ in what its two stages are: with r = the number of the first stage and n =
/// the number of devices from the end to the turn, eight steps that fill the device from both stages, run forwards of one in pairs with
/// backwards of the other, and empty it with split backwards.
/// </summary>
internal sealed class DualPipeOrder
{
    private readonly Problem _problem;
    private readonly StageOfPipe[] _stages;
    private readonly int[] _forwards = new int[2];
    private readonly int[] _backwards = new int[2];
    private readonly Queue<Operation> _weights = [];
    private readonly List<Operation> _operations = [];

    private DualPipeOrder(Problem problem, StageOfPipe first, StageOfPipe second) => (_problem, _stages) = (problem, [first, second]);

    /// <summary>The order of the device that holds two stages.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="first">The stage that is nearer to the beginning of its pipe.</param>
    /// <param name="second">The other one: of the other pipe, or of the same pipe on its way back.</param>
    /// <param name="half">n: devices from the end to the turn.</param>
    /// <param name="microbatches">Microbatches of each of the two stages, at least 2n.</param>
    public static IReadOnlyList<Operation> Of(Problem problem, StageOfPipe first, StageOfPipe second, int half, int microbatches)
    {
        var order = new DualPipeOrder(problem, first, second);
        var (near, far) = (first.Stage + 1, half - first.Stage - 1);
        order.Fill(near, far);
        order.RunPairs(microbatches - 2 * half + near, isTurn: far == 0);
        order.Empty(near, far);
        return order._operations;
    }

    private void Fill(int near, int far)
    {
        Repeat(2 * far, () => Forward(0));
        Repeat(near, () =>
        {
            Forward(0);
            Forward(1);
        });
        Repeat(far, () =>
        {
            BackwardInput(1);
            BackwardWeight();
            Forward(1);
        });
    }

    /// <summary>
    /// Both stages in turn: a forward of the one with a backward of the other. At the turn the first pair would only keep the others
    /// waiting.
    /// </summary>
    private void RunPairs(int turns, bool isTurn)
    {
        for (var turn = 0; turn < turns; turn++)
        {
            if (turn == 0 && isTurn)
            {
                Forward(0);
                Backward(1);
            }
            else
            {
                Pair(forward: 0, backward: 1);
            }

            Pair(forward: 1, backward: 0);
        }
    }

    private void Empty(int near, int far)
    {
        Repeat(far, () =>
        {
            Backward(1);
            Pair(forward: 1, backward: 0);
        });
        // The first half of these are whole, the others split: their weight gradients fill the gaps that are left.
        for (var backward = 0; backward < 2 * near; backward++)
        {
            if (backward < near) Backward(1 - backward % 2);
            else BackwardInput(1 - backward % 2);
        }

        Repeat(far, () =>
        {
            BackwardWeight();
            BackwardInput(0);
        });
        Repeat(near, BackwardWeight);
    }

    private void Forward(int stage) => _operations.Add(Next(OperationKind.Forward, stage, _forwards));

    private void Backward(int stage) => _operations.Add(Next(OperationKind.Backward, stage, _backwards));

    private void BackwardInput(int stage)
    {
        var gradient = Next(OperationKind.BackwardInput, stage, _backwards);
        _operations.Add(gradient);
        _weights.Enqueue(gradient with { Kind = OperationKind.BackwardWeight });
    }

    private void BackwardWeight() => _operations.Add(_weights.Dequeue());

    private void Pair(int forward, int backward)
    {
        _operations.Add(Next(OperationKind.Forward, forward, _forwards).InPair(PlaceInPair.First));
        _operations.Add(Next(OperationKind.Backward, backward, _backwards).InPair(PlaceInPair.Second));
    }

    private Operation Next(OperationKind kind, int stage, int[] counts) => _problem.OperationOf(kind, _stages[stage], counts[stage]++);

    private static void Repeat(int times, Action step)
    {
        for (var time = 0; time < times; time++) step();
    }
}
