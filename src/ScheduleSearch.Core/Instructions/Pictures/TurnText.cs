using System.Globalization;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>What tells the operations of a stage apart in a picture.</summary>
internal static class TurnText
{
    /// <summary>The microbatch, and after a point the slice where there are several; of a piece of other work its number.</summary>
    public static string Of(Operation operation, Problem problem) => operation.Facts.IsOfMicrobatch
        ? Of(operation.Microbatch, operation.Slice, problem)
        : Text(operation.Microbatch);

    /// <summary>A text of a problem that none is longer than.</summary>
    public static string Longest(Problem problem)
    {
        var ofMicrobatches = Of(problem.Microbatches - 1, problem.SliceCount - 1, problem);
        var ofPieces = Text(problem.Fill.Select(item => item.Last).DefaultIfEmpty().Max());
        return ofPieces.Length > ofMicrobatches.Length ? ofPieces : ofMicrobatches;
    }

    private static string Of(int microbatch, int slice, Problem problem) => problem.SliceCount == 1
        ? Text(microbatch)
        : string.Create(CultureInfo.InvariantCulture, $"{microbatch}.{slice}");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
