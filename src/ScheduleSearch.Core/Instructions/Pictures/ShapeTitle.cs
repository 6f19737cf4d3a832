using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>What a schedule is called that nobody has named: the shape of its problem, such as <c>interleaved, p = 4, v = 2, m = 8</c>.</summary>
public static class ShapeTitle
{
    /// <summary>The shape of a problem.</summary>
    public static string Of(Problem problem)
    {
        var shape = problem.Profile.Pipeline;
        return shape.IsMultiple
            ? Of(problem.Placement.Name, problem.Devices, shape.ChunksOfDevice, problem.Microbatches)
            : FormattableString.Invariant($"{problem.Placement.Name}, p = {problem.Devices}, S = {problem.Stages}, m = {problem.Microbatches}");
    }

    /// <summary>A shape.</summary>
    /// <param name="order">The placement, or the family that orders it.</param>
    /// <param name="devices">Its devices.</param>
    /// <param name="chunks">The chunks of each device; one is not told of.</param>
    /// <param name="microbatches">Its microbatches.</param>
    public static string Of(string order, int devices, int chunks, int microbatches) =>
        FormattableString.Invariant($"{order}, p = {devices}{(chunks == 1 ? "" : FormattableString.Invariant($", v = {chunks}"))}, m = {microbatches}");
}
