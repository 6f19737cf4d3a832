using System.Collections.Immutable;

namespace ScheduleSearch.Core.Profiles;

/// <summary>One number for every pair of different devices, or a devices x devices matrix (row: from, column: to).</summary>
public sealed class LinkValues
{
    private LinkValues(decimal scalar, ImmutableArray<ImmutableArray<decimal>> matrix) => (Scalar, Matrix) = (scalar, matrix);

    /// <summary>The number of every pair; null when a matrix is given.</summary>
    public decimal? Scalar => IsScalar ? field : null;

    /// <summary>The matrix; empty when one number stands for all. Its diagonal counts for nothing.</summary>
    public ImmutableArray<ImmutableArray<decimal>> Matrix { get; }

    /// <summary>Whether one number stands for every pair.</summary>
    public bool IsScalar => Matrix.IsDefault;

    /// <summary>One number for every pair of different devices.</summary>
    public static LinkValues Same(decimal number) => new(number, default);

    /// <summary>One number for each ordered pair of devices.</summary>
    public static LinkValues Each(IEnumerable<IEnumerable<decimal>> matrix) => new(0, [.. matrix.Select(row => row.ToImmutableArray())]);

    /// <summary>One number for every pair of different devices.</summary>
    public static implicit operator LinkValues(decimal number) => Same(number);

    /// <summary>The number of one ordered pair: 0 on one and the same device.</summary>
    public decimal this[int from, int to] => from == to ? 0 : IsScalar ? Scalar!.Value : Matrix[from][to];
}
