using System.Collections;
using System.Collections.Immutable;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>A section that is a list. Two lists of equal items are equal.</summary>
/// <typeparam name="T">The record of an item.</typeparam>
/// <param name="items">The items.</param>
public abstract class ItemList<T>(ImmutableArray<T> items) : IReadOnlyList<T>, IEquatable<ItemList<T>>
    where T : class
{
    private readonly ImmutableArray<T> _items = items;

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public T this[int index] => _items[index];

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(ItemList<T>? other) => other is not null && _items.SequenceEqual(other._items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ItemList<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => _items.Aggregate(_items.Length, HashCode.Combine);
}
