using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>
/// Two pipes, one each way, whose 1F1B orders fit into each other's gaps. On a grid of slots a unit of p microbatches takes 2p, and stage s
/// of either pipe has the forward of its j-th microbatch in slot 2j + s and the backward in slot 2j + 2p - 1 - s: no two of a device
/// share a slot. Units follow each other as they are. For equal stages without latency the makespan is 2m + p - 2 forwards when B + W = F
/// and 3m + (p - 2)(m/p + 1) when B + W = 2F; device d holds p/2 + 1 + min(d, p - 1 - d) microbatches. Source: Li and
/// Hoefler, Chimera, arXiv:2107.06925, and the repository Shigangli/Chimera.
/// </summary>
internal sealed class Chimera : IScheduleFamily
{
    public string Name => "chimera";

    public string Placement => "bidirectional";

    public string Description =>
        "Two pipes, one each way, each filling the other's gaps, in units of p microbatches. Makespan 3m + (p - 2)(m/p + 1) forwards for equal "
        + "stages with B + W = 2F and no latency; device d holds p/2 + 1 + min(d, p - 1 - d) microbatches and the weights of two stages.";

    public string Conditions => "One chunk, an even number of devices, microbatches a multiple of devices.";

    public string Source => "Li and Hoefler, Chimera, arXiv:2107.06925; github.com/Shigangli/Chimera";

    public bool SplitsBackward => false;

    public string? BrokenCondition(Problem problem) => TwoPipes.BrokenShape(problem, chunks: 1) ?? TwoPipes.BrokenUnits(problem);

    public IReadOnlyList<IReadOnlyList<Operation>> Order(Problem problem) =>
    [
        .. Enumerable.Range(0, problem.Devices)
            .Select(device => problem.Placement.StagesOn(device).SelectMany(stage => Slots(problem, stage)))
            .Select(slots => slots.OrderBy(slot => slot.Place).Select(slot => slot.Operation).ToArray()),
    ];

    private static IEnumerable<(int Place, Operation Operation)> Slots(Problem problem, StageOfPipe stage)
    {
        var (devices, half) = (problem.Devices, problem.Devices / 2);
        for (var microbatch = 0; microbatch < problem.Microbatches / 2; microbatch++)
        {
            var (unit, turn) = (microbatch / half, microbatch % half);
            var first = 2 * devices * unit + 2 * turn;
            yield return (first + stage.Stage, problem.OperationOf(OperationKind.Forward, stage, microbatch));
            yield return (first + 2 * devices - 1 - stage.Stage, problem.OperationOf(OperationKind.Backward, stage, microbatch));
        }
    }
}
