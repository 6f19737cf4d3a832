using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Instructions.PyTorch;

/// <summary>
/// Adds to a rank's stream what its stages' weights need under FSDP: gathered before a stage computes, the next three stages ahead as
/// PyTorch itself does, and given up when others need the room; and the reduction of a stage's gradients after its last backward.
/// Without FSDP a gather does nothing.
/// </summary>
internal sealed class WeightActions
{
    private const int MostGathered = 3;

    private readonly RankInstructions _stream;
    private readonly PyTorchVersion _version;
    private readonly Dictionary<int, Queue<int>> _uses = [];
    private readonly Dictionary<int, int> _backwardsLeft = [];
    private readonly SortedSet<int> _gathered = [];

    private WeightActions(RankInstructions stream, PyTorchVersion version)
    {
        (_stream, _version) = (stream, version);
        foreach (var (position, instruction) in stream.Instructions.Index())
        {
            if (instruction.Kind != InstructionKind.Compute) continue;
            var stage = instruction.Operation.Stage;
            if (_uses.TryGetValue(stage, out var uses)) uses.Enqueue(position);
            else _uses[stage] = new Queue<int>([position]);
            if (ReplicaSums.IsGradient(instruction.Operation)) _backwardsLeft[stage] = _backwardsLeft.GetValueOrDefault(stage) + 1;
        }
    }

    /// <summary>The cells of a rank's row.</summary>
    public static IEnumerable<CsvCell> AddTo(RankInstructions stream, PyTorchVersion version) => new WeightActions(stream, version).Cells();

    private IEnumerable<CsvCell> Cells()
    {
        List<int> toReduce = [];
        foreach (var cell in Regather()) yield return cell;
        foreach (var group in _stream.Grouped())
        {
            var instruction = group.First;
            if (instruction.Kind == InstructionKind.Compute)
            {
                // The gradient that the last backward sends goes first.
                foreach (var stage in toReduce) yield return new CsvCell(stage, "REDUCE_GRAD");
                toReduce.Clear();
                foreach (var cell in Regather()) yield return cell;
                Use(instruction.Operation, toReduce);
                if (group.Second is { } backward) Use(backward.Operation, toReduce);
            }

            yield return PyTorchActions.Of(group);
        }

        foreach (var stage in toReduce) yield return new CsvCell(stage, "REDUCE_GRAD");
        foreach (var stage in _gathered) yield return new CsvCell(stage, "RESHARD");
    }

    private IEnumerable<CsvCell> Regather()
    {
        var wanted = _uses.Where(stage => stage.Value.Count > 0).OrderBy(stage => stage.Value.Peek()).Take(MostGathered).Select(stage => stage.Key).ToList();
        foreach (var stage in _gathered.Except(wanted).ToList())
        {
            _gathered.Remove(stage);
            yield return new CsvCell(stage, "RESHARD");
        }

        foreach (var stage in wanted)
        {
            if (_gathered.Add(stage)) yield return new CsvCell(stage, "UNSHARD");
        }
    }

    private void Use(Operation operation, List<int> toReduce)
    {
        _uses[operation.Stage].Dequeue();
        if (_version.HasReduceGrad && ReplicaSums.IsGradient(operation) && --_backwardsLeft[operation.Stage] == 0) toReduce.Add(operation.Stage);
    }
}
