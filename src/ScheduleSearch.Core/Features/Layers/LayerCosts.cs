using System.Collections.Immutable;

namespace ScheduleSearch.Core.Features.Layers;

/// <summary>What consecutive layers take and hold, as differences of sums: entry i of each list is the sum of the first i layers.</summary>
internal sealed class LayerCosts
{
    public LayerCosts(LayerList layers)
    {
        ModelLayer[] each = [.. layers.AsTrained()];
        (Count, Frozen) = (each.Length, layers.FrozenInFront);
        Forward = Sums(layer => layer.Forward);
        BackwardInput = Sums(layer => layer.BackwardInput);
        BackwardWeight = Sums(layer => layer.BackwardWeight);
        Work = Sums(layer => layer.Work);
        Activation = OfIndexed((layer, index) => index < Frozen ? 0 : layer.Activation ?? 0);
        Passing = OfIndexed((layer, index) => index < Frozen ? layer.Activation ?? 0 : 0);
        Retained = Sums(layer => layer.Retained ?? layer.Activation ?? 0);
        Weights = Sums(layer => layer.Weights ?? 0);
        Recompute = Sums(layer => layer.RecomputeTime);
        Kept = OfIndexed((layer, index) => index < Frozen ? 0 : layer.Recompute?.Kept ?? layer.Activation ?? 0);
        KeyValue = Sums(layer => layer.KeyValue ?? 0);
        Output = layers.Any(layer => layer.Output is not null) ? [0, .. each.Select(layer => layer.Output ?? 0)] : null;

        decimal[] Sums(Func<ModelLayer, decimal> amount) => OfIndexed((layer, _) => amount(layer));

        decimal[] OfIndexed(Func<ModelLayer, int, decimal> amount)
        {
            var sums = new decimal[each.Length + 1];
            for (var layer = 0; layer < each.Length; layer++) sums[layer + 1] = sums[layer] + amount(each[layer], layer);
            return sums;
        }
    }

    /// <summary>L: how many layers there are.</summary>
    public int Count { get; }

    /// <summary>How many of the first layers say that they are frozen.</summary>
    public int Frozen { get; }

    /// <summary>Time of forwards.</summary>
    public decimal[] Forward { get; }

    /// <summary>Time of input gradients.</summary>
    public decimal[] BackwardInput { get; }

    /// <summary>Time of weight gradients.</summary>
    public decimal[] BackwardWeight { get; }

    /// <summary>Time of all three.</summary>
    public decimal[] Work { get; }

    /// <summary>Memory that forwards take and leave for backwards.</summary>
    public decimal[] Activation { get; }

    /// <summary>Memory that forwards of <see cref="Frozen"/> layers take while they run: of a stage that has others too, before those take theirs.</summary>
    public decimal[] Passing { get; }

    /// <summary>Memory that lives until weight gradients end.</summary>
    public decimal[] Retained { get; }

    /// <summary>Memory of weights.</summary>
    public decimal[] Weights { get; }

    /// <summary>Time of recomputing, where a stage does.</summary>
    public decimal[] Recompute { get; }

    /// <summary>Memory that is kept until then.</summary>
    public decimal[] Kept { get; }

    /// <summary>Memory of a slice's keys and values.</summary>
    public decimal[] KeyValue { get; }

    /// <summary>Size of what the last of the first i layers hands on, 0 for none: no sums. Null where no layer says it.</summary>
    public decimal[]? Output { get; }

    /// <summary>The first layer of each stage, and the end of the last.</summary>
    public static ImmutableArray<int> FirstOf(ImmutableArray<int> split)
    {
        var first = ImmutableArray.CreateBuilder<int>(split.Length + 1);
        first.Add(0);
        foreach (var layers in split) first.Add(first[^1] + layers);
        return first.MoveToImmutable();
    }
}
