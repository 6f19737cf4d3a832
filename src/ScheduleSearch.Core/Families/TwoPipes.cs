using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families;

/// <summary>What the families on the placement bidirectional have in common: each pipe takes half of the microbatches, the first pipe the lower ones.</summary>
internal static class TwoPipes
{
    /// <summary>The operation of a stage on a microbatch that is numbered within its pipe.</summary>
    public static Operation OperationOf(this Problem problem, OperationKind kind, StageOfPipe stage, int microbatch) =>
        new(kind, stage.Pipe, stage.Stage, stage.Pipe * (problem.Microbatches / 2) + microbatch);

    /// <summary>What to change where each pipe must have so many chunks a device and pipes meet between two devices.</summary>
    public static string? BrokenShape(Problem problem, int chunks)
    {
        if (problem.Profile.Pipeline.Chunks != chunks)
            return chunks == 1
                ? "Has one chunk a device in each pipe: set chunks to 1."
                : $"Has {chunks} chunks a device in each pipe: set chunks to {chunks}.";
        return problem.Devices % 2 == 0
            ? null
            : $"The pipes meet between two devices: set devices to an even number, such as {problem.Devices - 1} or {problem.Devices + 1}.";
    }

    /// <summary>What to change where microbatches go in units of p, half of them in each pipe.</summary>
    public static string? BrokenUnits(Problem problem)
    {
        var (size, microbatches) = (problem.Devices, problem.Microbatches);
        return microbatches % size == 0
            ? null
            : $"Microbatches go in units of {size}, half of them in each pipe: set microbatches to {MicrobatchGroups.Nearest(microbatches, size)}.";
    }
}
