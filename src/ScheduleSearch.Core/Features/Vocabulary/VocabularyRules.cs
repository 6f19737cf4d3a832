using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Vocabulary;

/// <summary>
/// Where the output layer is in shards, every device passes over its own twice for each microbatch: before the barrier, once the last stage's output has
/// come to it, and after the barrier, once every device has passed and the barrier's latency is over. The last stage's backward waits for the barrier
/// after the first passes, or where there are two, for that after the second ones. The first stage's forward waits for a barrier after every device's
/// share of the input embedding. A shard of the logits is held from the one pass to the other.
/// </summary>
internal sealed class VocabularyRules(Problem problem) : ScheduleRules
{
    private readonly int _last = problem.Stages - 1;

    public override bool Has(Operation operation) => operation.Stage == problem.VocabularyStageOn(DeviceOf(operation)) && operation.Kind switch
    {
        OperationKind.VocabularyForward or OperationKind.VocabularyBackward => true,
        OperationKind.VocabularyInput => problem.EmbedsInShards,
        _ => false,
    };

    public override void CheckComplete(VerifiedSchedule schedule, Operation cell)
    {
        foreach (var kind in new[] { OperationKind.VocabularyInput, OperationKind.VocabularyForward, OperationKind.VocabularyBackward })
        {
            var pass = cell with { Kind = kind };
            if (Has(pass) && !schedule.Has(pass)) schedule.Report("completeness", DeviceOf(cell), -1, $"The {pass} is missing.");
        }
    }

    public override long? DurationOf(VerifiedSchedule schedule, in PlacedOperation placed) => placed.Operation.Kind switch
    {
        OperationKind.VocabularyInput => problem.VocabularyInput[placed.Device],
        OperationKind.VocabularyForward => problem.VocabularyForward[placed.Device],
        OperationKind.VocabularyBackward => problem.VocabularyBackward[placed.Device],
        _ => null,
    };

    public override void CheckNeeds(VerifiedSchedule schedule, in PlacedOperation placed, long begin)
    {
        var operation = placed.Operation;
        switch (operation.Facts.Alone)
        {
            case OperationKind.VocabularyForward:
                var output = schedule.EndOf(operation with { Kind = OperationKind.Forward, Stage = _last });
                schedule.CheckNeed(placed, begin, "output", _last, output + problem.Lag(problem.Placement.DeviceOf(operation.Pipe, _last), placed.Device));
                break;
            case OperationKind.VocabularyBackward:
                CheckBarrier(schedule, placed, begin, OperationKind.VocabularyForward);
                break;
            case OperationKind.Forward when operation.Stage == 0 && problem.EmbedsInShards:
                CheckBarrier(schedule, placed, begin, OperationKind.VocabularyInput);
                break;
            case OperationKind.BackwardInput or OperationKind.Backward when operation.Stage == _last:
                CheckBarrier(schedule, placed, begin, problem.VocabularyBarriers == 1 ? OperationKind.VocabularyForward : OperationKind.VocabularyBackward);
                break;
        }
    }

    public override long TakenBy(Operation operation) =>
        operation.Kind == OperationKind.VocabularyForward ? problem.VocabularyActivation[DeviceOf(operation)] : 0;

    public override long FreedBy(Operation operation) =>
        operation.Kind == OperationKind.VocabularyBackward ? problem.VocabularyActivation[DeviceOf(operation)] : 0;

    /// <summary>Every device has ended its pass of a kind, and the barrier after it is over.</summary>
    private void CheckBarrier(VerifiedSchedule schedule, in PlacedOperation placed, long begin, OperationKind kind)
    {
        for (var device = 0; device < problem.Devices; device++)
        {
            var stage = problem.VocabularyStageOn(device);
            var end = schedule.EndOf(placed.Operation with { Kind = kind, Stage = stage });
            schedule.CheckNeed(placed, begin, $"barrier after the {kind.Facts().Name}", stage, end + problem.VocabularyBarrier);
        }
    }

    private int DeviceOf(Operation operation) => problem.Placement.DeviceOf(operation.Pipe, operation.Stage);
}
