using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace ScheduleSearch.Core.Features.Fill;

/// <summary>
/// Frozen or foreign work that devices do in the bubbles of the pipeline, such as the encoders of the next iteration's batch. Nothing in the iteration waits
/// for it, and it waits for nothing of the iteration. Source: Tian et al., DiffusionPipe, arXiv:2405.01248.
/// </summary>
[CollectionBuilder(typeof(FillWork), nameof(Of))]
public sealed class FillWork : IReadOnlyList<FillItem>, IEquatable<FillWork>
{
    private readonly ImmutableArray<FillItem> _items;

    private FillWork(ImmutableArray<FillItem> items) => _items = items;

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public FillItem this[int index] => _items[index];

    /// <summary>The list of some items.</summary>
    public static FillWork Of(ReadOnlySpan<FillItem> items) => new([.. items]);

    /// <inheritdoc/>
    public IEnumerator<FillItem> GetEnumerator() => ((IEnumerable<FillItem>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(FillWork? other) => other is not null && _items.SequenceEqual(other._items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FillWork);

    /// <inheritdoc/>
    public override int GetHashCode() => _items.Aggregate(_items.Length, HashCode.Combine);
}
