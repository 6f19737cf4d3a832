using System.Collections.Immutable;

namespace ScheduleSearch.Core.Profiles;

/// <summary>What each slice of a microbatch has of the whole's times and memory. Only ratios count.</summary>
/// <param name="Forward">Shares of a forward.</param>
/// <param name="Backward">Shares of both gradients.</param>
/// <param name="Activation">Shares of the activation.</param>
/// <param name="Lengths">Tokens of each slice; empty when no sequence is given.</param>
internal sealed record SliceShares(
    ImmutableArray<decimal> Forward, ImmutableArray<decimal> Backward, ImmutableArray<decimal> Activation, ImmutableArray<int> Lengths)
{
    /// <summary>The whole in one piece.</summary>
    public static SliceShares Whole { get; } = new([1], [1], [1], []);

    /// <summary>Cuts an amount by shares into whole numbers that add up to it.</summary>
    public static ImmutableArray<long> Cut(long amount, ImmutableArray<decimal> shares)
    {
        var (whole, before, upTo) = (shares.Sum(), 0L, 0m);
        var parts = ImmutableArray.CreateBuilder<long>(shares.Length);
        foreach (var share in shares)
        {
            upTo += share;
            var end = (long)decimal.Round(amount * (upTo / whole));
            parts.Add(end - before);
            before = end;
        }

        return parts.MoveToImmutable();
    }
}
