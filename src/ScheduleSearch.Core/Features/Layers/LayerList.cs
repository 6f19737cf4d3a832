using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Layers;

/// <summary>The layers of a model, in the order in which forwards pass them: in the place of what <c>times</c> and <c>memory</c> say of stages.</summary>
[CollectionBuilder(typeof(LayerList), nameof(Of))]
public sealed class LayerList : ItemList<ModelLayer>
{
    private LayerList(ImmutableArray<ModelLayer> items)
        : base(items)
    {
    }

    /// <summary>L: how many layers there are, equal ones counted each.</summary>
    public long Total => this.Sum(layer => (long)layer.Count);

    /// <summary>The list of some layers.</summary>
    public static LayerList Of(ReadOnlySpan<ModelLayer> layers) => new([.. layers]);

    /// <summary>Each layer by itself.</summary>
    public IEnumerable<ModelLayer> OneByOne() => this.SelectMany(layer => Enumerable.Repeat(layer, layer.Count));
}
