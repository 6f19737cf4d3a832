using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Fill;

/// <summary>
/// Frozen or foreign work that devices do in the bubbles of the pipeline, such as the encoders of the next iteration's batch. Nothing in the iteration waits
/// for it, and it waits for nothing of the iteration. Source: Tian et al., DiffusionPipe, arXiv:2405.01248.
/// </summary>
[CollectionBuilder(typeof(FillWork), nameof(Of))]
public sealed class FillWork : ItemList<FillItem>
{
    private FillWork(ImmutableArray<FillItem> items)
        : base(items)
    {
    }

    /// <summary>The list of some items.</summary>
    public static FillWork Of(ReadOnlySpan<FillItem> items) => new([.. items]);
}
