using System.Collections.Immutable;

namespace ScheduleSearch.Core.Features.Slices;

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

    /// <summary>The shares of valid slices.</summary>
    public static SliceShares Of(SequenceSlices slices)
    {
        ImmutableArray<decimal> equal = [.. Enumerable.Repeat(1m, slices.Count)];
        ImmutableArray<int> lengths = slices is { Sequence: { } sequence, Hidden: { } hidden } ? LengthsOf(slices, sequence, hidden) : [];
        var forward = slices.Forward ?? (lengths.IsEmpty ? equal : WorkOf(lengths, slices.Hidden!.Value));
        var activation = slices.Activation ?? (lengths.IsEmpty ? equal : [.. lengths.Select(length => (decimal)length)]);
        return new SliceShares(forward, slices.Backward ?? forward, activation, lengths);
    }

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

    /// <summary>
    /// Per token of a layer of width h, all but attention takes 24 h^2 operations of a forward, and attention to t earlier tokens 4 h t: the first
    /// x tokens take work in proportion to 6 h x + x^2 / 2.
    /// </summary>
    private static decimal WorkUpTo(decimal tokens, int hidden) => 6m * hidden * tokens + tokens * tokens / 2;

    private static ImmutableArray<decimal> WorkOf(ImmutableArray<int> lengths, int hidden)
    {
        var (shares, begin) = (ImmutableArray.CreateBuilder<decimal>(lengths.Length), 0m);
        foreach (var length in lengths)
        {
            shares.Add(WorkUpTo(begin + length, hidden) - WorkUpTo(begin, hidden));
            begin += length;
        }

        return shares.MoveToImmutable();
    }

    private static ImmutableArray<int> LengthsOf(SequenceSlices slices, int sequence, int hidden)
    {
        var (lengths, begin) = (ImmutableArray.CreateBuilder<int>(slices.Count), 0);
        for (var slice = 1; slice <= slices.Count; slice++)
        {
            var end = slices.Cut == SequenceCut.Even ? (double)sequence * slice / slices.Count : EqualWorkEnd(sequence, hidden, (double)slice / slices.Count);
            // Every slice keeps a multiple at least, and leaves one for each behind it.
            var rounded = (int)Math.Round(end / slices.Multiple) * slices.Multiple;
            rounded = Math.Clamp(rounded, begin + slices.Multiple, sequence - (slices.Count - slice) * slices.Multiple);
            if (slice == slices.Count) rounded = sequence;
            lengths.Add(rounded - begin);
            begin = rounded;
        }

        return lengths.MoveToImmutable();
    }

    /// <summary>The length whose work is a part of the whole's: the positive root of 6 h x + x^2 / 2 = part of it.</summary>
    private static double EqualWorkEnd(int sequence, int hidden, double part) =>
        -6.0 * hidden + Math.Sqrt(36.0 * hidden * hidden + 2 * part * (double)WorkUpTo(sequence, hidden));
}
