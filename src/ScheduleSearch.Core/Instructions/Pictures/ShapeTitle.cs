using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>What a schedule is called that nobody has named.</summary>
internal static class ShapeTitle
{
    /// <summary>The shape of a problem, such as <c>4 devices x 2 chunks, 8 microbatches, interleaved</c>.</summary>
    public static string Of(Problem problem)
    {
        var chunks = problem.Profile.Pipeline.Chunks;
        return $"{Count(problem.Devices, "device")}{(chunks == 1 ? "" : $" x {Count(chunks, "chunk")}")}, "
            + $"{Count(problem.Microbatches, "microbatch", "es")}, {problem.Placement.Name}";
    }

    private static string Count(int number, string thing, string ending = "s") => FormattableString.Invariant($"{number} {thing}{(number == 1 ? "" : ending)}");
}
