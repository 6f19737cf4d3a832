using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Vocabulary;

/// <summary>What a problem whose output layer is whole comes to with the layer in shards behind one barrier: the best of the published schedules.</summary>
/// <param name="Problem">The problem in shards.</param>
/// <param name="Family">The family of the schedule.</param>
/// <param name="Metrics">What the schedule costs; it has passed the verifier.</param>
public sealed record ShardedSchedule(Problem Problem, string Family, ScheduleMetrics Metrics)
{
    /// <summary>Every device waits for every other one on each microbatch: with more such waits the families take too long for an answer by the way.</summary>
    private const long MostWaits = 100_000;

    /// <summary>The word of <c>vocabulary.parallel</c> that asks for it.</summary>
    public static string Word => VocabularySection.NameOf(VocabularyParallel.OneBarrier);

    /// <summary>
    /// That of a problem; null where its output layer is not whole, has no schedule in shards, or devices x devices x microbatches exceed 100,000. Cost: that
    /// of a replay for each family, and no search.
    /// </summary>
    public static ShardedSchedule? Of(Problem whole)
    {
        if (whole.Profile.Vocabulary is not { Parallel: VocabularyParallel.None } layer || (long)whole.Devices * whole.Devices * whole.Microbatches > MostWaits)
            return null;
        if (InShards(whole, layer) is not { } problem) return null;
        var best = FamilyCatalogue.Admitted(problem)
            .Select(family => (family.Name, Schedule: family.ScheduleOf(problem)))
            .Where(made => made.Schedule.FitsMemory())
            .Select(made => (made.Name, Timeline: Replay.Run(made.Schedule)))
            .Where(made => Verifier.Check(problem, TimedOperation.DevicesOf(made.Timeline)).Count == 0)
            .Select(made => (made.Name, Metrics: ScheduleMetrics.Of(made.Timeline)))
            .MinBy(made => made.Metrics.Objective);
        return best.Metrics is { } metrics ? new ShardedSchedule(problem, best.Name, metrics) : null;
    }

    private static Problem? InShards(Problem whole, VocabularyLayer layer)
    {
        var profile = whole.Profile with { Vocabulary = layer with { Parallel = VocabularyParallel.OneBarrier } };
        try
        {
            return Problem.Create(profile, whole.Objective, whole.SplitBackward, ProblemLimits.None, whole.Catalogue);
        }
        catch (InvalidProfileException)
        {
            return null;
        }
    }
}
