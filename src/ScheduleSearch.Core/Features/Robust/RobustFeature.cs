using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Features.Frozen;
using ScheduleSearch.Core.Features.Growth;
using ScheduleSearch.Core.Features.Links;
using ScheduleSearch.Core.Features.Optimizer;
using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Features.Vocabulary;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Robust;

/// <summary>
/// Schedules judged by a statistic of their objective over fixed scenarios of durations. What there is to be done stays as it is, and so does which orders
/// are schedules: only what a schedule is worth is another, so that bounds and searches say nothing of it which go by the profile's durations.
/// </summary>
public sealed class RobustFeature : IOrderedFeature, IDemandingFeature
{
    /// <summary>The name of the feature.</summary>
    public const string Id = "noise";

    /// <summary>The most forwards, one for each stage, microbatch and slice: every scenario is replayed for each order that is judged.</summary>
    private const long MostForwards = 20_000;

    private const string Path = "$.options.noise";

    /// <summary>It and what goes with it.</summary>
    public static FeatureSet Covered { get; } =
    [
        Id, SlicesFeature.Id, RecomputeFeature.Id, GrowthFeature.Id, FrozenFeature.Id, LinksFeature.Id, VocabularyFeature.Id, OptimizerFeature.Id,
    ];

    /// <summary>Of them what adds no durations to those of stages, whose means alone are known where devices are slow or durations measured.</summary>
    private static readonly FeatureSet CoveredAtMeans = [Id, GrowthFeature.Id, LinksFeature.Id];

    /// <inheritdoc/>
    public string Name => Id;

    /// <inheritdoc/>
    public string Member => "options.noise";

    /// <inheritdoc/>
    public bool TakesEveryOrder => true;

    /// <inheritdoc/>
    public bool IsUsedBy(Problem problem) => problem.Robust is not null;

    /// <inheritdoc/>
    public IEnumerable<ProfileError> Faults(Problem problem)
    {
        if (problem.Robust is not { Noise: var noise }) yield break;
        foreach (var feature in problem.Features.Where(feature => !Covered.Contains(feature)))
            yield return Impossible(Path, $"Does not go with {feature.Member}: leave one of them out.");

        if (CoveredAtMeans.FirstUncovered(problem) is { } other)
        {
            if (!noise.SlowDevices.IsEmpty) yield return Impossible($"{Path}.slowDevices", $"Does not go with {other.Member}: leave one of them out.");
            if (noise.Samples is not null) yield return Impossible($"{Path}.samples", $"Does not go with {other.Member}: leave one of them out.");
        }

        var forwards = (long)problem.Stages * problem.Microbatches * problem.SliceCount;
        if (forwards > MostForwards)
        {
            yield return Impossible(
                Path, $"Is taken with at most {MostForwards} forwards, one for each stage and microbatch, and here are {forwards}: solve without it.");
        }

        if (noise.Samples is { } samples && samples.Members().Sum(member => member.Lists.Sum(list => (long)list.Length)) is var count
            && count > RobustObjective.MostSamples)
        {
            yield return Impossible(
                $"{Path}.samples", $"Has {count} durations; a problem takes at most {RobustObjective.MostSamples}: give fewer microbatches of them.");
        }

        foreach (var fault in NoiseCheck.Of(problem, noise, Path)) yield return fault;
    }

    private static ProfileError Impossible(string path, string message) => new(path, message, ProfileErrorKind.Impossible);
}
