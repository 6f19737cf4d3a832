using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// All microbatches go through a chunk before any goes through the next one, and back from the last chunk to the first, so that a device
/// loads each chunk's weights once a direction and reduces each chunk's gradients once. Smaller groups of microbatches may do so one after
/// the other. For equal stages without latency a group of G microbatches takes ((v - 1) max(G, p) + G + p - 1)(F + B + W) in the times of a
/// chunk, which is (mv + p - 1)(F + B + W) for one group of at least p; the groups' times add up. A device holds Gv chunks. Source:
/// Lamy-Poirier, Breadth-First Pipeline Parallelism, arXiv:2211.05953, and the repository
/// ServiceNow/Fast-LLM.
/// </summary>
/// <param name="groupSize">Microbatches that go through all chunks before the next ones do; null for all of them.</param>
internal sealed class BreadthFirst(int? groupSize = null) : IScheduleFamily
{
    public string Name => groupSize is { } size ? $"breadth-first-{size}" : "breadth-first";

    public string Placement => "interleaved";

    public string Description =>
        $"Chunk after chunk, {(groupSize is { } size ? $"microbatches in groups of {size}" : "all microbatches")} through each. "
        + "For equal stages without latency "
        + "a group of G takes ((v - 1) max(G, p) + G + p - 1)(F + B + W) in the times of a chunk: below G = p devices wait at each chunk. A device holds up to "
        + "Gv chunks, and each chunk's weights are gathered once a direction and group.";

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
