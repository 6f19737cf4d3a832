using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Overlap;

/// <summary>
/// A number of each pair of a forward and a backward: one for all of them, one for each stage of the forward, or a stages x stages matrix (row: stage of
/// the forward, column: stage of the backward).
/// </summary>
public sealed class PairValues
{
    private PairValues(StageValues? byForward, ImmutableArray<ImmutableArray<decimal>> matrix) => (ByForward, Matrix) = (byForward, matrix);

    /// <summary>One number for all, or one for each stage of the forward; null when a matrix is given.</summary>
    public StageValues? ByForward { get; }

    /// <summary>The matrix; empty when none is given.</summary>
    public ImmutableArray<ImmutableArray<decimal>> Matrix { get; }

    /// <summary>Whether one number stands for every pair.</summary>
    public bool IsScalar => ByForward is { IsScalar: true };

    /// <summary>One number for all, or one for each stage of the forward.</summary>
    public static PairValues Of(StageValues byForward) => new(byForward, []);

    /// <summary>A row for each stage of the forward, with a number for each stage of the backward.</summary>
    public static PairValues Each(IEnumerable<IEnumerable<decimal>> matrix) => new(null, [.. matrix.Select(row => row.ToImmutableArray())]);

    /// <summary>One number for every pair.</summary>
    public static implicit operator PairValues(decimal number) => Of(number);

    /// <summary>One number for each stage of the forward.</summary>
    public static implicit operator PairValues(decimal[] numbers) => Of(numbers);

    /// <summary>The number of one pair, by the stages of its forward and its backward.</summary>
    public decimal this[int forward, int backward] => ByForward is { } values ? values[forward] : Matrix[forward][backward];
}
