using System.Collections.Immutable;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>Makes a profile of a run that recorded its operations many at a time: there is no step to replay, and there are no samples.</summary>
internal static class MeanImporter
{
    private const string Path = "$.pipeline", PathInProfile = "$.profile.pipeline";

    /// <summary>The profile of the means. Cost: that of sorting them.</summary>
    /// <exception cref="InvalidProfileException">The pipeline is wrong or too large, or the means are not of all of its stages.</exception>
    public static ImportedProfile Of(ImportRequest request, Trace trace, TracedMeans means, ProblemLimits limits)
    {
        var placement = PlacementOf(means.Pipeline, limits);
        var warmUp = request.WarmUpSteps ?? ImportedTimes.WarmUpOf(
            means.Durations.GroupBy(mean => mean.Step).Select(step => (step.Key, step.Sum(mean => mean.Duration))));
        var steps = means.Durations.Select(mean => mean.Step).Distinct().Order().ToList();
        var left = steps.Skip(warmUp).ToHashSet();
        if (left.Count == 0) throw ImportedTimes.NoStepLeft(warmUp);
        ImmutableArray<TracedMean> used = [.. means.Durations.Where(mean => left.Contains(mean.Step))];
        List<DurationStatistics> durations = [.. used.GroupBy(mean => (mean.Rank, mean.Chunk, mean.Kind)).SelectMany(told =>
            StagesOf(placement, told.Key.Rank, told.Key.Chunk).Select(stage =>
                DurationStatistics.Of(stage, told.Key.Kind, [.. told.Select(mean => mean.Duration)]))).OrderBy(one => one.Stage)];
        CheckComplete(durations, placement);
        var (profile, forgotten) = WithMemory(
            ImportedTimes.ProfileOf(request.Name, means.Pipeline, durations, means.Latency ?? 0), means.Memory, placement, limits);
        var ranks = RankStatistics.Of(used.Where(mean => mean.Rank is not null).GroupBy(mean => (mean.Replica, mean.Rank, mean.Step)).Select(step => (
            step.Key.Replica, step.Key.Rank!.Value,
            step.Sum(mean => mean.Duration * StagesOf(placement, mean.Rank, mean.Chunk).Count()) * means.Pipeline.Microbatches)));
        return new ImportedProfile(
            trace.Format, profile, Samples: null, new(left.Count, steps.Count - left.Count, 0, used.Max(mean => mean.Replica) + 1), durations, ranks,
            Communication: null, Fidelity: null, Memory: null,
            [.. trace.Untold, .. UntoldOf(durations, profile), .. forgotten],
            [.. TraceWarnings.Of(profile, durations, ranks, communication: null, memory: null)], UsedSteps: []);
    }

    /// <summary>Where the stages stand, once the pipeline is known to be one.</summary>
    private static Placement PlacementOf(PipelineShape pipeline, ProblemLimits limits)
    {
        try
        {
            var even = new OperationTimes { Forward = 1, BackwardInput = 1, BackwardWeight = 1 };
            var placement = Problem.Create(new Profile { Pipeline = pipeline, Times = even }, limits: limits).Placement;
            return placement.Pipes == 1
                ? placement
                : throw new InvalidProfileException([new($"{PathInProfile}.placement", "Has two pipes, which the times do not tell apart.")]);
        }
        catch (InvalidProfileException refused)
        {
            throw new InvalidProfileException(
                [.. refused.Errors.Select(error => error with { Path = error.Path.Replace(PathInProfile, Path, StringComparison.Ordinal) })]);
        }
    }

    private static IEnumerable<int> StagesOf(Placement placement, int? rank, int? chunk)
    {
        if (rank is not { } on) return Enumerable.Range(0, placement.Stages);
        var stages = placement.StagesOn(on);
        if (chunk is not { } one) return stages.Select(stage => stage.Stage);
        return one < stages.Length
            ? [stages[one].Stage]
            : throw new InvalidProfileException([new(Path, $"Has {stages.Length} stages on rank {rank}, and more are told of.", ProfileErrorKind.Impossible)]);
    }

    private static void CheckComplete(List<DurationStatistics> durations, Placement placement)
    {
        var told = durations.Select(one => (one.Stage, IsForward: one.Op == OperationKind.Forward.Facts().Name)).ToHashSet();
        for (var stage = 0; stage < placement.Stages; stage++)
        {
            if (!told.Contains((stage, true)) || !told.Contains((stage, false)))
                throw TraceImporter.Impossible($"Have no times of rank {placement.DeviceOf(0, stage)}: send the logs of all ranks, or one that has them all.");
        }
    }

    /// <summary>The profile with what activations take, as far as schedules can be of it; and what had to be left out.</summary>
    private static (Profile Profile, IEnumerable<string> LeftOut) WithMemory(Profile profile, TracedMemory? memory, Placement placement, ProblemLimits limits)
    {
        TraceImporter.ProblemOf(profile, limits);
        if (memory is null) return (profile, []);
        var held = profile with { Memory = new() { Unit = MemoryUnit.MiB, Activation = Each(memory.Activation), Retained = Each(memory.Retained) } };
        var devices = Enumerable.Range(0, profile.Pipeline.Devices).ToList();
        if (devices.Exists(device => memory.Limit.GetValueOrDefault(device) <= 0)) return (held, []);
        var limited = held with
        {
            Memory = held.Memory with { Limit = StageValues.Each(devices.Select(device => ImportedTimes.Number(memory.Limit[device]))) },
        };
        try
        {
            Problem.Create(limited, limits: limits);
            return (limited, []);
        }
        catch (InvalidProfileException)
        {
            return (held, ["What activations may take is less than one microbatch does: the profile has no limit."]);
        }

        StageValues Each(ImmutableDictionary<(int Rank, int Chunk), double> amounts) => StageValues.Each(Enumerable.Range(0, placement.Stages).Select(stage =>
        {
            var rank = placement.DeviceOf(0, stage);
            return ImportedTimes.Number(amounts[(rank, placement.StagesOn(rank).IndexOf(new(0, stage)))]);
        }));
    }

    private static IEnumerable<string> UntoldOf(List<DurationStatistics> durations, Profile profile)
    {
        if (durations.Exists(one => one.Op == OperationKind.Backward.Facts().Name)) yield return ImportedTimes.WholeBackwards;
        if (profile.Memory is null) yield return "The memory of an activation: the profile has no memory, so state memory.activation and memory.limit.";
        else if (profile.Memory.Limit is null) yield return "The limit of a device's memory: state memory.limit, which counts activations alone.";
        yield return "No operation is recorded by itself: no step can be shown or replayed, and there are no samples.";
    }
}
