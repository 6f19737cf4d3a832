using System.Collections.Immutable;

namespace ScheduleSearch.Core.Features.Layers;

/// <summary>What consecutive layers take and hold, as differences of sums: entry i of each list is the sum of the first i layers.</summary>
internal sealed class LayerCosts
{
    public LayerCosts(LayerList layers)
    {
        ModelLayer[] each = [.. layers.OneByOne()];
        Count = each.Length;
        Forward = Sums(layer => layer.Forward);
        BackwardInput = Sums(layer => layer.BackwardInput);
        BackwardWeight = Sums(layer => layer.BackwardWeight);
        Work = Sums(layer => layer.Work);
        Activation = Sums(layer => layer.Activation ?? 0);
        Retained = Sums(layer => layer.Retained ?? layer.Activation ?? 0);
        Weights = Sums(layer => layer.Weights ?? 0);
        Recompute = Sums(layer => layer.RecomputeTime);
        Kept = Sums(layer => layer.Recompute?.Kept ?? layer.Activation ?? 0);

        decimal[] Sums(Func<ModelLayer, decimal> amount)
        {
            var sums = new decimal[each.Length + 1];
            for (var layer = 0; layer < each.Length; layer++) sums[layer + 1] = sums[layer] + amount(each[layer]);
            return sums;
        }
    }

    /// <summary>L: how many layers there are.</summary>
    public int Count { get; }

    /// <summary>Time of forwards.</summary>
    public decimal[] Forward { get; }

    /// <summary>Time of input gradients.</summary>
    public decimal[] BackwardInput { get; }

    /// <summary>Time of weight gradients.</summary>
    public decimal[] BackwardWeight { get; }

    /// <summary>Time of all three.</summary>
    public decimal[] Work { get; }

    /// <summary>Memory that forwards take.</summary>
    public decimal[] Activation { get; }

    /// <summary>Memory that lives until weight gradients end.</summary>
    public decimal[] Retained { get; }

    /// <summary>Memory of weights.</summary>
    public decimal[] Weights { get; }

    /// <summary>Time of recomputing, where a stage does.</summary>
    public decimal[] Recompute { get; }

    /// <summary>Memory that is kept until then.</summary>
    public decimal[] Kept { get; }

    /// <summary>The first layer of each stage, and the end of the last.</summary>
    public static ImmutableArray<int> FirstOf(ImmutableArray<int> split)
    {
        var first = ImmutableArray.CreateBuilder<int>(split.Length + 1);
        first.Add(0);
        foreach (var layers in split) first.Add(first[^1] + layers);
        return first.MoveToImmutable();
    }

    /// <summary>Time of each layer by itself.</summary>
    public IEnumerable<decimal> EachWork() => Enumerable.Range(0, Count).Select(layer => Work[layer + 1] - Work[layer]);
}
