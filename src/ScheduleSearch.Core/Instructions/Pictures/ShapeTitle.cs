using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>What a schedule is called that nobody has named.</summary>
internal static class ShapeTitle
{
    /// <summary>The shape of a problem, such as <c>4 devices x 2 chunks, 8 microbatches, interleaved</c>.</summary>
    public static string Of(Problem problem)
    {
        var shape = problem.Profile.Pipeline;
        var devices = Count(problem.Devices, "device");
        var stages = !shape.IsMultiple ? $"{Count(problem.Stages, "stage")} on {devices}"
            : shape.ChunksOfDevice == 1 ? devices
            : $"{devices} x {Count(shape.ChunksOfDevice, "chunk")}";
        return $"{stages}, {Count(problem.Microbatches, "microbatch", "es")}, {problem.Placement.Name}";
    }

    private static string Count(int number, string thing, string ending = "s") => FormattableString.Invariant($"{number} {thing}{(number == 1 ? "" : ending)}");
}
