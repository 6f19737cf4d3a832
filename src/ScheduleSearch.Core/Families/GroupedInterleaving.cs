using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// Interleaving in groups of G microbatches whose operations have fixed places on a grid of slots, for F = B = W: with the group's first
/// slot 3Gv u, the forward of chunk c on its g-th microbatch stands in slot 3Gc + 3g + d of device d, and the backward of chunk v - 1 - c in
/// 3Gc + 3g + 3G(v - 1) + d + 3(p - 1 - d) + 1 and the slot after it. Device d holds min((v - 1)G + p - d, mv) chunks. For equal stages without
/// latency, m a multiple of G and G(F + B + W) at least p max(F, B + W), which is G from 2p/3 on for F = B = W, the bubble is
/// (F + B + W)(p - 1 + (v - 1)(p - G)) in the times of a chunk. The last group may be short. Source: Wan et al., PipeOffload,
/// arXiv:2503.01328, and the repository sail-sg/zero-bubble-pipeline-parallelism.
/// </summary>
/// <param name="groupSize">G; null for p, or for half of it, rounded up.</param>
/// <param name="half">Whether groups are of half the devices unless a size is given.</param>
internal sealed class GroupedInterleaving(int? groupSize = null, bool half = false) : IScheduleFamily
{
    public string Name => half ? "gis-h" : groupSize is { } size ? $"gis-{size}" : "gis";

    public string Placement => "interleaved";

    public string Description =>
        $"Interleaving in groups of {GroupName} microbatches that spread a device's memory evenly over time. Device d holds "
        + "min((v - 1)G + p - d, mv) chunks for groups of G; for equal stages without latency, m a multiple of G and "
        + "G(F + B + W) >= p max(F, B + W) the bubble is (F + B + W)(p - 1 + (v - 1)(p - G)) in the times of a chunk.";

    public string Conditions =>
        half ? "" : $"Groups of at least p/2 and at most p microbatches{(groupSize is null ? "" : $": {groupSize} to {2 * groupSize} devices")}.";

    public string Source => "Wan et al., PipeOffload, arXiv:2503.01328; github.com/sail-sg/zero-bubble-pipeline-parallelism";

    public bool SplitsBackward => false;

    public FamilyParameter? Parameter { get; } =
        half ? null : new("groupSize", "Microbatches that a device takes through a chunk before it turns to the next, from p/2 to p. Default: p.");

    public IScheduleFamily WithParameter(int parameter) => new GroupedInterleaving(parameter);

    private string GroupName => half ? "p/2" : groupSize is { } size ? $"{size}" : "p";

    public string? BrokenCondition(Problem problem)
    {
        var (size, least) = (GroupSize(problem), (problem.Devices + 1) / 2);
        if (size < least)
            return $"Groups of {size} on {problem.Devices} devices wait for each other: use groups of {least} to {problem.Devices}, such as gis-{least}.";
        return size <= problem.Devices
            ? null
            : $"Groups of {size} are more than the {problem.Devices} devices: use groups of {least} to {problem.Devices}, such as gis-{problem.Devices}.";
    }

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) =>
        [.. Enumerable.Range(0, problem.Devices).Select(device => Slots(problem, device).OrderBy(slot => slot.Place).Select(slot => slot.Operation).ToArray())];

    private IEnumerable<(long Place, Operation Operation)> Slots(Problem problem, int device)
    {
        var (size, devices, chunks) = (GroupSize(problem), problem.Devices, problem.Stages / problem.Devices);
        var firstBackward = 3L * size * (chunks - 1) + device + 3 * (devices - 1 - device) + 1;
        for (var microbatch = 0; microbatch < problem.Microbatches; microbatch++)
        {
            var (group, turn) = (microbatch / size, microbatch % size);
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                var place = 3L * size * (chunks * group + chunk) + 3 * turn;
                yield return (place + device, Operation.Forward(chunk * devices + device, microbatch));
                yield return (place + firstBackward, Operation.Backward((chunks - 1 - chunk) * devices + device, microbatch));
            }
        }
    }

    private int GroupSize(Problem problem) => groupSize ?? (half ? (problem.Devices + 1) / 2 : problem.Devices);
}
