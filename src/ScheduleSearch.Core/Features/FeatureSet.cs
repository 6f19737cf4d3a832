using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace ScheduleSearch.Core.Features;

/// <summary>The names of features that a bound, a search method, a family, a format or a runtime covers.</summary>
[CollectionBuilder(typeof(FeatureSet), nameof(Of))]
public sealed class FeatureSet : IEnumerable<string>
{
    private readonly ImmutableSortedSet<string> _names;

    private FeatureSet(ImmutableSortedSet<string> names) => _names = names;

    /// <summary>Covers whole microbatches down one pipe, each stage a forward and a backward, and nothing else.</summary>
    public static FeatureSet None { get; } = [];

    /// <summary>The set of some names.</summary>
    public static FeatureSet Of(ReadOnlySpan<string> names) => new(ImmutableSortedSet.Create(StringComparer.Ordinal, names.ToArray()));

    /// <summary>Whether a feature is covered.</summary>
    public bool Contains(IFeature feature) => _names.Contains(feature.Name);

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => _names.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
