using System.Collections.Immutable;
using System.Text.Json;
using ScheduleSearch.Core.Features.Frozen;
using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Layers;

/// <summary>The profile of stages that layers make when they are dealt out: each stage takes and holds the sums of its layers.</summary>
internal static class ClosedLayers
{
    /// <summary>The way to close a profile of layers by the layers of each stage.</summary>
    public static ClosedWay Way(Profile profile, ImmutableArray<int> split) =>
        new(PipelineSection.SplitPath, JsonSerializer.SerializeToElement(split), On(profile, split));

    /// <summary>The profile with stages in the place of layers.</summary>
    /// <param name="profile">A valid profile of layers.</param>
    /// <param name="split">The layers of each stage, in all as many as there are.</param>
    public static Profile On(Profile profile, ImmutableArray<int> split)
    {
        var costs = new LayerCosts(profile.Layers!);
        var first = LayerCosts.FirstOf(split);
        return profile with
        {
            Layers = null,
            Pipeline = profile.Pipeline with { Split = null },
            Times = profile.Times with
            {
                Forward = Sums(costs.Forward),
                BackwardInput = Sums(costs.BackwardInput),
                BackwardWeight = Sums(costs.BackwardWeight),
                Communication = costs.Output is { } output
                    ? profile.Times.Communication with { Bytes = StageValues.Each(first.Skip(1).Select(end => output[end])) }
                    : profile.Times.Communication,
            },
            Memory = MemoryOf(profile),
            Recompute = RecomputeOf(profile),
            Frozen = FrozenOf(profile),
            Slices = profile.Slices is { } slices && profile.Layers!.Any(layer => layer.KeyValue is not null)
                ? slices with { KeyValue = Sums(costs.KeyValue) }
                : profile.Slices,
        };

        StageValues Sums(decimal[] before) =>
            StageValues.Each(Enumerable.Range(0, split.Length).Select(stage => before[first[stage + 1]] - before[first[stage]]));

        // Of a stage that has frozen first layers and others, the others take their memory when the forwards of those are over.
        StageValues Taken()
        {
            var (left, passing) = (Sums(costs.Activation), Sums(costs.Passing));
            return StageValues.Each(left.Numbers.Zip(passing.Numbers, Math.Max));
        }

        // Where training is said, gradients that take no time are not enough.
        FrozenStages? FrozenOf(Profile profile)
        {
            if (profile.Mode != IterationMode.Train || costs.Frozen == 0) return profile.Frozen;
            return new() { Stages = [.. Enumerable.Range(0, split.Length).TakeWhile(stage => first[stage + 1] <= costs.Frozen)] };
        }

        // A stage whose layers keep everything recomputes nothing.
        ActivationRecompute? RecomputeOf(Profile profile)
        {
            if (profile.Layers!.All(layer => layer.Recompute is null)) return profile.Recompute;
            var (given, kept) = (profile.Recompute ?? new(), Sums(costs.Kept));
            var activation = Sums(costs.Activation);
            var stages = Enumerable.Range(0, split.Length).Where(stage => given.Covers(stage) && kept[stage] < activation[stage]).ToImmutableArray();
            return given with
            {
                Time = Sums(costs.Recompute),
                Kept = kept,
                Stages = given.IsLeftOpen || stages.Length == split.Length ? null : stages,
            };
        }

        ActivationMemory? MemoryOf(Profile profile)
        {
            var layers = profile.Layers!;
            if (profile.Memory is null && layers.All(layer => layer is { Activation: null, Retained: null, Weights: null })) return null;
            return (profile.Memory ?? new()) with
            {
                Activation = Taken(),
                Retained = layers.Any(layer => layer.Retained is not null || layer.Frozen) ? Sums(costs.Retained) : null,
                Weights = layers.Any(layer => layer.Weights is not null) ? Sums(costs.Weights) : null,
            };
        }
    }

    /// <summary>As many layers for each stage, the first ones one more where some are left over.</summary>
    public static ImmutableArray<int> Even(long layers, int stages) =>
        [.. Enumerable.Range(0, stages).Select(stage => (int)(layers / stages + (stage < layers % stages ? 1 : 0)))];
}
