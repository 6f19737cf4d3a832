using System.Globalization;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>What tells the operations of a stage apart in a picture.</summary>
internal static class TurnText
{
    /// <summary>The microbatch, and after a point the slice where there are several.</summary>
    public static string Of(Operation operation, Problem problem) => Of(operation.Microbatch, operation.Slice, problem);

    /// <summary>A text of a problem that none is longer than.</summary>
    public static string Longest(Problem problem) => Of(problem.Microbatches - 1, problem.SliceCount - 1, problem);

    private static string Of(int microbatch, int slice, Problem problem) => problem.SliceCount == 1
        ? microbatch.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{microbatch}.{slice}");
}
