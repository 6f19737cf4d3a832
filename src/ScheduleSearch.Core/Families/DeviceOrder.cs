using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// The order of one device, written down as a family defines it: each call appends an operation of a stage on the first microbatch that
/// has not had it yet.
/// </summary>
/// <param name="microbatches">m: operations of later microbatches are left out.</param>
internal sealed class DeviceOrder(int microbatches)
{
    private readonly List<Operation> _operations = [];
    private readonly Dictionary<(OperationKind Kind, int Stage), int> _appended = [];

    public IReadOnlyList<Operation> Operations => _operations;

    /// <summary>How many operations of a kind and stage have been appended, those left out included.</summary>
    public int Count(OperationKind kind, int stage) => _appended.GetValueOrDefault((kind, stage));

    public DeviceOrder Forward(int stage) => Append(OperationKind.Forward, stage);

    public DeviceOrder Backward(int stage) => Append(OperationKind.Backward, stage);

    public DeviceOrder BackwardInput(int stage) => Append(OperationKind.BackwardInput, stage);

    public DeviceOrder BackwardWeight(int stage) => Append(OperationKind.BackwardWeight, stage);

    private DeviceOrder Append(OperationKind kind, int stage)
    {
        var microbatch = Count(kind, stage);
        _appended[(kind, stage)] = microbatch + 1;
        if (microbatch < microbatches) _operations.Add(new Operation(kind, 0, stage, microbatch));
        return this;
    }
}
