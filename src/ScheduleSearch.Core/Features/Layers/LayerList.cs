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

    /// <summary>How many of the first layers are frozen: nothing before them is trained, so that they have no gradient.</summary>
    public int FrozenInFront => this.TakeWhile(layer => layer.Frozen).Sum(layer => layer.Count);

    /// <summary>Each layer by itself.</summary>
    public IEnumerable<ModelLayer> OneByOne() => this.SelectMany(layer => Enumerable.Repeat(layer, layer.Count));

    /// <summary>Each layer by itself, with no more than what is computed and held for the gradients that there are.</summary>
    public IEnumerable<ModelLayer> AsTrained()
    {
        var front = FrozenInFront;
        return OneByOne().Select((layer, index) =>
            index < front ? layer with { BackwardInput = 0, BackwardWeight = 0, Retained = 0, Recompute = null }
            : layer.Frozen ? layer with { BackwardWeight = 0, Retained = 0 }
            : layer);
    }
}
