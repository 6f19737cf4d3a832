using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Slices;

/// <summary>What each slice has of a microbatch whose sequence is cut: as the members state it, else by the work of causal attention.</summary>
internal static class SequenceShares
{
    /// <summary>The shares of valid slices.</summary>
    public static SliceShares Of(SequenceSlices slices)
    {
        ImmutableArray<decimal> equal = [.. Enumerable.Repeat(1m, slices.Count)];
        ImmutableArray<int> lengths = slices is { Sequence: { } sequence, Hidden: { } hidden } ? LengthsOf(slices, sequence, hidden) : [];
        var forward = slices.Forward ?? (lengths.IsEmpty ? equal : WorkOf(lengths, slices.Hidden!.Value));
        var activation = slices.Activation ?? (lengths.IsEmpty ? equal : [.. lengths.Select(length => (decimal)length)]);
        return new SliceShares(forward, slices.Backward ?? forward, activation, lengths);
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
            // Every slice keeps a multiple at least, and leaves one for each after it.
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
