using System.Collections.Immutable;
using System.Text.Json;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Layers;

/// <summary>
/// Layers in the place of stages. How they are dealt out is a choice, whose alternatives are profiles of stages like any other: no problem has layers, so
/// nothing that works on problems has to know of them.
/// </summary>
public sealed class LayersFeature : IOpenFeature
{
    /// <summary>The name of the feature.</summary>
    public const string Id = "layers";

    /// <inheritdoc/>
    public string Name => Id;

    /// <inheritdoc/>
    public string Member => "profile.layers";

    /// <inheritdoc/>
    public string OpenMember => PipelineSection.SplitPath;

    /// <inheritdoc/>
    public string ClosedWords => "even or the layers of each stage";

    /// <inheritdoc/>
    public bool TriesAll => false;

    /// <inheritdoc/>
    public IProfileSection Section { get; } = new LayersSection();

    /// <inheritdoc/>
    public bool IsUsedBy(Problem problem) => false;

    /// <summary>Whatever it says of the split: solve answers with the split beside the schedule.</summary>
    public bool IsLeftOpen(Profile profile) => profile.Layers is not null;

    /// <inheritdoc/>
    public Profile Settled(Profile profile) => profile.Layers is not { } layers ? profile : profile.Pipeline.Split switch
    {
        { Layers: { } split } => ClosedLayers.On(profile, split),
        { } even when even == StageSplit.Even => ClosedLayers.On(profile, ClosedLayers.Even(layers.Total, (int)profile.Pipeline.Stages)),
        _ => profile,
    };

    /// <summary>The layers of each stage in an alternative of a profile of layers.</summary>
    public static ImmutableArray<int> SplitOf(PlacementAlternative alternative) => SplitOf(alternative.With);

    /// <summary>The layers of each stage where an alternative of a profile of layers is known by what it closes.</summary>
    /// <param name="with">How the alternative closes what the profile leaves open.</param>
    /// <returns>None where it says nothing of a split.</returns>
    public static ImmutableArray<int> SplitOf(IReadOnlyDictionary<string, JsonElement> with) =>
        with.TryGetValue(PipelineSection.SplitPath, out var split) ? [.. split.EnumerateArray().Select(count => count.GetInt32())] : [];

    /// <summary>The split that gives each stage as many layers, the first ones one more where they do not come out even.</summary>
    /// <param name="layers">How many layers there are.</param>
    /// <param name="stages">How many stages there are, 1 at least.</param>
    public static ImmutableArray<int> EvenSplit(int layers, int stages) => ClosedLayers.Even(layers, stages);

    /// <summary>The split that the profile names; else all that leave no stage empty where they are few, or the most promising of them.</summary>
    public OpenWays WaysOf(Profile profile, AskedWays asked)
    {
        var (layers, stages) = (profile.Layers!, (int)profile.Pipeline.Stages);
        if (profile.Pipeline.Split is { Layers: { } given }) return new([ClosedLayers.Way(profile, given)]);
        var even = ClosedLayers.Even(layers.Total, stages);
        if (profile.Pipeline.Split == StageSplit.Even) return new([ClosedLayers.Way(profile, even)]);
        if (layers.Total < stages)
        {
            throw new InvalidProfileException([new(
                $"$.{Member}",
                $"Has {layers.Total} layers for {stages} stages, and the search leaves no stage empty: take fewer chunks or devices, or give the layers of "
                + "each stage.",
                ProfileErrorKind.Impossible)]);
        }

        var candidates = new SplitCandidates(profile, asked);
        return new([.. candidates.Splits().Select(split => ClosedLayers.Way(profile, split))])
        {
            // No split has a schedule where none leaves room.
            Relaxed = candidates.AreAll ? null : [new SplitBottleneck(profile, asked).Relaxed() is { } relaxed ? [relaxed] : []],
        };
    }
}
