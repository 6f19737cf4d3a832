using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Instructions.PyTorch;

/// <summary>
/// Plays the rows against each other. With transfers as NCCL may carry them out: a send and its receive block until both are posted, and
/// those of one direction between two ranks match in the order in which each side posts them. Without transfers, results arrive by themselves.
/// </summary>
internal sealed class PyTorchCsvPlay
{
    private readonly Problem _problem;
    private readonly IReadOnlyList<CsvStep[]> _rows;
    private readonly bool _withTransfers;
    private readonly int[] _positions;
    private readonly bool[] _forwards;
    private readonly bool[] _backwards;
    private StreamViolation? _violation;

    private PyTorchCsvPlay(Problem problem, IReadOnlyList<CsvStep[]> rows, bool withTransfers)
    {
        (_problem, _rows, _withTransfers) = (problem, rows, withTransfers);
        _positions = new int[rows.Count];
        _forwards = new bool[problem.Stages * problem.Microbatches];
        _backwards = new bool[problem.Stages * problem.Microbatches];
    }

    /// <summary>The first rank that never ends, or the first transfer that meets another one; null when all rows end.</summary>
    public static StreamViolation? FirstViolation(Problem problem, IReadOnlyList<CsvStep[]> rows, bool withTransfers)
    {
        var play = new PyTorchCsvPlay(problem, rows, withTransfers);
        var runnable = new Queue<int>(Enumerable.Range(0, rows.Count));
        while (play._violation is null && runnable.TryDequeue(out var rank))
        {
            var before = play._positions[rank];
            while (play.Advance(rank, runnable))
            {
            }

            // Without transfers nobody is told, so every neighbour looks again.
            if (withTransfers || play._positions[rank] == before) continue;
            foreach (var neighbour in play.Neighbours(rank)) runnable.Enqueue(neighbour);
        }

        return play._violation ?? play.FirstStuck();
    }

    /// <summary>Carries out a rank's next action; false when it must wait or has ended.</summary>
    private bool Advance(int rank, Queue<int> runnable)
    {
        if (Current(rank) is not { First: var action, Second: var second }) return false;
        if (action.IsTransfer) return Transfer(rank, action, runnable);
        // The two of a pair begin when both can.
        if (!IsReady(action) || (second is { } backward && !IsReady(backward))) return false;
        Finish(action);
        if (second is { } overlapped) Finish(overlapped);
        _positions[rank]++;
        return true;
    }

    private void Finish(CsvAction action)
    {
        if (action.IsCompute && action.Kind != CsvActionKind.W) (action.Kind == CsvActionKind.F ? _forwards : _backwards)[Index(action, action.Stage)] = true;
    }

    private bool IsReady(CsvAction action)
    {
        var stage = action.Stage;
        return action.Kind switch
        {
            CsvActionKind.F => stage == 0 || _forwards[Index(action, stage - 1)],
            CsvActionKind.W or > CsvActionKind.B => true,
            _ => stage == _problem.Stages - 1 || _backwards[Index(action, stage + 1)],
        };
    }

    private bool Transfer(int rank, CsvAction action, Queue<int> runnable)
    {
        var expected = Counterpart(action);
        var peer = _problem.Placement.DeviceOf(0, expected.Stage);
        if (Current(peer) is not { First: { IsTransfer: true } other } || other.IsSend == action.IsSend || PeerOf(other) != rank) return false;
        if (other != expected)
        {
            _violation = new(
                "pairing", rank, _positions[rank],
                $"pairing: in the row of rank {rank}, cell {_positions[rank]}: {action} meets {other} of rank {peer}.");
            return false;
        }

        _positions[rank]++;
        _positions[peer]++;
        runnable.Enqueue(peer);
        return true;
    }

    private static CsvAction Counterpart(CsvAction action) => action.Kind switch
    {
        CsvActionKind.SendF => action with { Kind = CsvActionKind.RecvF, Stage = action.Stage + 1 },
        CsvActionKind.RecvF => action with { Kind = CsvActionKind.SendF, Stage = action.Stage - 1 },
        CsvActionKind.SendB => action with { Kind = CsvActionKind.RecvB, Stage = action.Stage - 1 },
        _ => action with { Kind = CsvActionKind.SendB, Stage = action.Stage + 1 },
    };

    private int PeerOf(CsvAction transfer) => _problem.Placement.DeviceOf(0, Counterpart(transfer).Stage);

    private IEnumerable<int> Neighbours(int rank) => _problem.Placement.StagesOn(rank)
        .SelectMany(held => new[] { held.Stage - 1, held.Stage + 1 })
        .Where(stage => stage >= 0 && stage < _problem.Stages)
        .Select(stage => _problem.Placement.DeviceOf(0, stage))
        .Where(neighbour => neighbour != rank);

    private StreamViolation? FirstStuck()
    {
        for (var rank = 0; rank < _rows.Count; rank++)
        {
            if (Current(rank) is not { } step) continue;
            var (action, position) = (step.First, _positions[rank]);
            var whom = _withTransfers && action.IsTransfer
                ? $"; rank {PeerOf(action)} {(Current(PeerOf(action)) is { } other ? $"is at {other}" : "has ended")}"
                : "";
            return new("hang", rank, position, $"hang: in the row of rank {rank}, cell {position}: {step} waits for ever{whom}.");
        }

        return null;
    }

    private CsvStep? Current(int rank) => _positions[rank] < _rows[rank].Length ? _rows[rank][_positions[rank]] : null;

    private int Index(CsvAction action, int stage) => stage * _problem.Microbatches + action.Microbatch;
}
