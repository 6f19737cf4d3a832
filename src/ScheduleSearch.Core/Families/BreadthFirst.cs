using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// All microbatches go through a chunk before any goes through the next one, and back from the last chunk to the first, so that a device
/// loads each chunk's weights once a direction and reduces each chunk's gradients once. Smaller groups of microbatches may do so one after
/// the other. For equal stages without latency, m at least p and one group the makespan is (mv + p - 1)(F + B + W) in the times of a
/// chunk; a device holds mv chunks. Source: Lamy-Poirier, Breadth-First Pipeline Parallelism, arXiv:2211.05953, and the repository
/// ServiceNow/Fast-LLM.
/// </summary>
/// <param name="groupSize">Microbatches that go through all chunks before the next ones do; null for all of them.</param>
internal sealed class BreadthFirst(int? groupSize = null) : IScheduleFamily
{
    public string Name => groupSize is { } size ? $"breadth-first-{size}" : "breadth-first";

    public string Placement => "interleaved";

    public string Description =>
        "Chunk after chunk, all microbatches through each. Makespan (mv + p - 1)(F + B + W) in the times of a chunk for equal stages without latency "
        + "and m >= p, below which devices wait at each chunk; a device holds up to mv chunks, and each chunk's weights are gathered once a direction.";

    public string Conditions => "";

    public string Source => "Lamy-Poirier, Breadth-First Pipeline Parallelism, arXiv:2211.05953; github.com/ServiceNow/Fast-LLM";

    public bool SplitsBackward => false;

    public FamilyParameter Parameter { get; } = new("groupSize", "Microbatches that go through all chunks before the next ones do. Default: all.");

    public IScheduleFamily WithParameter(int parameter) => new BreadthFirst(parameter);

    public string? BrokenCondition(Problem problem) => null;

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) =>
        [.. Enumerable.Range(0, problem.Devices).Select(device => OnDevice(problem, device))];

    private List<Operation> OnDevice(Problem problem, int device)
    {
        var stages = problem.Placement.StagesOn(device).Select(stage => stage.Stage).ToList();
        List<Operation> order = [];
        foreach (var group in Enumerable.Range(0, problem.Microbatches).Chunk(groupSize ?? problem.Microbatches))
        {
            order.AddRange(stages.SelectMany(stage => group.Select(microbatch => Operation.Forward(stage, microbatch))));
            order.AddRange(stages.AsEnumerable().Reverse().SelectMany(stage => group.Select(microbatch => Operation.Backward(stage, microbatch))));
        }

        return order;
    }
}
