using System.Collections.Immutable;
using ScheduleSearch.Core.Placements;

namespace ScheduleSearch.Core.Features.Layers.Layouts;

/// <summary>The layers of each stage, and the device of each stage.</summary>
public sealed class StageLayout
{
    private static readonly Dictionary<string, LayerRole> Roles = new(StringComparer.OrdinalIgnoreCase)
    {
        ["embedding"] = LayerRole.Embedding,
        ["embed"] = LayerRole.Embedding,
        ["mtp"] = LayerRole.Prediction,
        ["head"] = LayerRole.Head,
        ["lm_head"] = LayerRole.Head,
        ["output"] = LayerRole.Head,
        ["loss"] = LayerRole.Head,
    };

    /// <param name="layers">The layers of the model.</param>
    /// <param name="shape">The shape of the pipeline on which they are dealt out, whose placement is no choice.</param>
    /// <param name="split">The layers of each stage, in all as many as there are.</param>
    /// <exception cref="ArgumentException">They are not as many.</exception>
    public StageLayout(LayerList layers, PipelineShape shape, ImmutableArray<int> split)
    {
        (Shape, Placement) = (shape, PlacementCatalogue.Find(shape.Placement ?? "linear")!.Place(shape));
        ModelLayer[] each = [.. layers.OneByOne()];
        if (split.Length != Placement.Stages || split.Sum() != each.Length) throw new ArgumentException("Is no split of the layers.", nameof(split));
        var first = LayerCosts.FirstOf(split);
        Stages = [.. Enumerable.Range(0, split.Length).Select(stage => each.AsSpan(first[stage]..first[stage + 1]).ToImmutableArray())];
    }

    /// <summary>The shape of the pipeline.</summary>
    public PipelineShape Shape { get; }

    /// <summary>Where each stage stands.</summary>
    public Placement Placement { get; }

    /// <summary>The layers of each stage, in the order in which forwards pass them.</summary>
    public ImmutableArray<ImmutableArray<ModelLayer>> Stages { get; }

    /// <summary>The roles of the layers of each stage.</summary>
    internal IEnumerable<LayerRole[]> RolesOfStages => Stages.Select(stage => stage.Select(RoleOf).ToArray());

    /// <summary>What a layer is, by its name.</summary>
    public static LayerRole RoleOf(ModelLayer layer) => Roles.GetValueOrDefault(layer.Name);

    /// <summary>Why a runtime that knows one embedding at the beginning and one head at the end cannot have it; null when it can.</summary>
    internal string? WhyNotOrdered()
    {
        var roles = RolesOfStages.SelectMany(stage => stage).ToList();
        return roles.FindLastIndex(role => role == LayerRole.Embedding) > 0 ? "An embedding is not the first layer."
            : roles.FindIndex(role => role == LayerRole.Head) is >= 0 and var head && head < roles.Count - 1 ? "A head is not the last layer."
            : null;
    }
}
