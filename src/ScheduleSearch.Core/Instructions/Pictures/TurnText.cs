using System.Globalization;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>What tells the operations of a stage apart in a picture.</summary>
internal static class TurnText
{
    /// <summary>The microbatch, and after a point the slice where there are several.</summary>
    public static string Of(Operation operation, Problem problem) => problem.SliceCount == 1
        ? operation.Microbatch.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{operation.Microbatch}.{operation.Slice}");
}
