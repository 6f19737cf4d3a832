using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>What a schedule is called that nobody has named: the shape of its problem, such as <c>interleaved, p = 4, v = 2, m = 8</c>.</summary>
public static class ShapeTitle
{
    /// <summary>The shape of a problem.</summary>
    public static string Of(Problem problem) => Of(problem.Placement.Name, problem.Profile.Pipeline);

    /// <summary>A shape: one chunk of each device is not told of, and unequal numbers are told as stages.</summary>
    /// <param name="order">The placement, or the family that orders it.</param>
    /// <param name="shape">The shape.</param>
    public static string Of(string order, PipelineShape shape)
    {
        var stages = (shape.IsMultiple, shape.ChunksOfDevice) switch
        {
            (false, _) => FormattableString.Invariant($", S = {shape.Stages}"),
            (true, 1) => "",
            (true, var chunks) => FormattableString.Invariant($", v = {chunks}"),
        };
        return FormattableString.Invariant($"{order}, p = {shape.Devices}{stages}, m = {shape.Microbatches}");
    }
}
