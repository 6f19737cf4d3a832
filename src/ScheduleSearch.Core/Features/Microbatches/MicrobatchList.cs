using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Microbatches;

/// <summary>
/// The microbatches one by one, by number, m of them: another form of <c>microbatchScale</c>, in the place of which it stands. Both are the same problem where
/// their factors are the same.
/// </summary>
[CollectionBuilder(typeof(MicrobatchList), nameof(Of))]
public sealed class MicrobatchList : ItemList<MicrobatchCost>
{
    private MicrobatchList(ImmutableArray<MicrobatchCost> items)
        : base(items)
    {
    }

    /// <summary>The list of some microbatches.</summary>
    public static MicrobatchList Of(ReadOnlySpan<MicrobatchCost> microbatches) => new([.. microbatches]);

    /// <summary>The same as factors of all microbatches.</summary>
    internal MicrobatchScale AsScale()
    {
        return new() { Forward = FactorsOf(microbatch => microbatch.Scale), Activation = FactorsOf(microbatch => microbatch.ActivationScale) };

        ImmutableArray<decimal>? FactorsOf(Func<MicrobatchCost, decimal?> factor) =>
            this.Any(microbatch => factor(microbatch) is not null) ? [.. this.Select(microbatch => factor(microbatch) ?? 1)] : null;
    }
}
