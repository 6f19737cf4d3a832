using System.Globalization;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Placements;

/// <summary>Places a profile with fewer chunks than its numbers stand for: consecutive stages become one, whose times and memory are their sums.</summary>
internal static class StageMerging
{
    /// <summary>The profile on a placement.</summary>
    /// <param name="profile">A profile in its finest stages, without overlapping pairs where stages are merged.</param>
    /// <param name="placement">The name of the placement.</param>
    /// <param name="chunks">Chunks of each device; divides those of the profile.</param>
    public static Profile Place(Profile profile, string placement, int chunks)
    {
        var merging = new Merging(profile.Pipeline.Chunks / chunks, profile.Pipeline.Devices * chunks);
        var placed = profile with { Pipeline = profile.Pipeline with { Placement = placement, Chunks = chunks } };
        return merging.Size == 1 ? placed : placed with
        {
            Times = merging.Of(profile.Times),
            Memory = profile.Memory is { } memory ? merging.Of(memory) : null,
            Slices = profile.Slices is { KeyValue: { } keyValue } slices ? slices with { KeyValue = merging.Of(keyValue) } : profile.Slices,
            Recompute = profile.Recompute is { } recompute ? merging.Of(recompute, profile) : null,
        };
    }

    /// <summary>Why a profile of overlapping pairs cannot have its stages merged.</summary>
    public static ProfileError OverlapFault(Profile profile) => new(
        "$.profile.overlap",
        string.Create(CultureInfo.InvariantCulture, $"Has times of pairs of stages at {profile.Pipeline.Chunks} chunks a device, which say nothing of fewer chunks."),
        ProfileErrorKind.Impossible);

    /// <summary>Merges stages: so many into each of a number of them.</summary>
    private readonly record struct Merging(int Size, int Stages)
    {
        public OperationTimes Of(OperationTimes times) => times with
        {
            Forward = Of(times.Forward),
            BackwardInput = Of(times.BackwardInput),
            BackwardWeight = Of(times.BackwardWeight),
        };

        public ActivationMemory Of(ActivationMemory memory) => memory with
        {
            Activation = memory.Activation is { } activation ? Of(activation) : null,
            Retained = memory.Retained is { } retained ? Of(retained) : null,
            Weights = memory.Weights is { } weights ? Of(weights) : null,
        };

        /// <summary>A merged stage computes again what some of its parts do, and keeps the whole activation of the others.</summary>
        public ActivationRecompute Of(ActivationRecompute recompute, Profile profile)
        {
            var time = recompute.Time ?? profile.Times.Forward;
            var activation = profile.Memory?.Activation ?? 0;
            var size = Size;
            return new ActivationRecompute
            {
                Time = Sum(stage => recompute.Covers(stage) ? time[stage] : 0),
                Kept = Sum(stage => recompute.Covers(stage) ? recompute.Kept[stage] : activation[stage]),
                Stages = recompute.Stages is { } stages ? [.. stages.Select(stage => stage / size).Distinct().Order()] : null,
            };
        }

        public StageValues Of(StageValues values) => values.IsScalar ? values.Numbers[0] * Size : Sum(stage => values[stage]);

        private StageValues Sum(Func<int, decimal> ofStage)
        {
            var size = Size;
            return StageValues.Each(Enumerable.Range(0, Stages).Select(stage => Enumerable.Range(stage * size, size).Sum(ofStage)));
        }
    }
}
