using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// 1F1B over v chunks a device: microbatches go in groups of G, each group through chunk after chunk; backwards take the chunks in
/// reverse. Device d warms up with 2(p - 1 - d) + (v - 1)G forwards. For equal stages without latency and G at least p the makespan is
/// (mv + p - 1)(F + B + W) in the times of a chunk; device d holds up to min(2(p - 1 - d) + (v - 1)G + 1, mv) chunks. With one chunk it is
/// plain 1F1B, whose warm-up is half as long. Source: Narayanan et al., arXiv:2104.04473, and the repository NVIDIA/Megatron-LM.
/// </summary>
/// <param name="groupSize">G: microbatches that a device takes through a chunk before it turns to the next; null for p.</param>
internal sealed class InterleavedOneForwardOneBackward(int? groupSize = null) : IScheduleFamily
{
    public string Name => groupSize is { } size ? $"interleaved-1f1b-{size}" : "interleaved-1f1b";

    public string Placement => "interleaved";

    public string Description =>
        $"1F1B over v chunks a device, microbatches in groups of {Group}. Makespan (mv + p - 1)(F + B + W) in the times of a chunk for equal "
        + "stages without latency and groups of at least p; device d holds up to "
        + $"min(2(p - 1 - d) + (v - 1){Group} + 1, mv) chunks.";

    public string Conditions => groupSize is { } size
        ? $"With two chunks or more: at most {size + 1} devices, and microbatches a multiple of {size}."
        : "With two chunks or more: microbatches a multiple of devices.";

    public string Source => "Narayanan et al., Megatron-LM, arXiv:2104.04473; github.com/NVIDIA/Megatron-LM";

    public bool SplitsBackward => false;

    public FamilyParameter Parameter { get; } =
        new("groupSize", "Microbatches that a device takes through a chunk before it turns to the next, p - 1 or more. Default: p.");

    public IScheduleFamily WithParameter(int parameter) => new InterleavedOneForwardOneBackward(parameter);

    private string Group => groupSize is { } size ? $"{size}" : "p";

    public string? BrokenCondition(Problem problem)
    {
        var (size, microbatches) = (GroupSize(problem), problem.Microbatches);
        if (problem.Profile.Pipeline.Chunks == 1) return null;
        if (size < problem.Devices - 1)
        {
            return $"Groups of {size} deadlock on {problem.Devices} devices: "
                + $"use groups of at least {problem.Devices - 1}, such as interleaved-1f1b-{problem.Devices}, or gis.";
        }

        return microbatches % size == 0
            ? null
            : $"Microbatches go in groups of {size} and the last group may not be short: set microbatches to {MicrobatchGroups.Nearest(microbatches, size)}.";
    }

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) =>
        [.. Enumerable.Range(0, problem.Devices).Select(device => OnDevice(problem, device))];

    private List<Operation> OnDevice(Problem problem, int device)
    {
        var (devices, chunks) = (problem.Devices, problem.Profile.Pipeline.Chunks);
        var turns = Turns(problem);
        var warmUp = chunks == 1 ? devices - 1 - device : 2 * (devices - 1 - device) + (chunks - 1) * GroupSize(problem);
        Operation ForwardOf((int Chunk, int Microbatch) turn) => Operation.Forward(turn.Chunk * devices + device, turn.Microbatch);
        Operation BackwardOf((int Chunk, int Microbatch) turn) =>
            Operation.Backward((chunks - 1 - turn.Chunk) * devices + device, turn.Microbatch);

        List<Operation> order = [.. turns.Take(warmUp).Select(ForwardOf)];
        for (var turn = 0; turn < turns.Count; turn++)
        {
            if (warmUp + turn < turns.Count) order.Add(ForwardOf(turns[warmUp + turn]));
            order.Add(BackwardOf(turns[turn]));
        }

        return order;
    }

    /// <summary>The chunk and microbatch of each forward of a device, in order; backwards follow the same list with the chunks reversed.</summary>
    private List<(int Chunk, int Microbatch)> Turns(Problem problem)
    {
        var groups = Enumerable.Range(0, problem.Microbatches).Chunk(GroupSize(problem));
        var chunks = Enumerable.Range(0, problem.Profile.Pipeline.Chunks);
        return [.. groups.SelectMany(group => chunks.SelectMany(chunk => group.Select(microbatch => (chunk, microbatch))))];
    }

    private int GroupSize(Problem problem) => groupSize ?? problem.Devices;
}
