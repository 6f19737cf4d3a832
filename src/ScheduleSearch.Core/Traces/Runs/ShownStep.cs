using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>A step of a run beside its replays, and where it lost time.</summary>
/// <param name="Step">The step.</param>
/// <param name="Timelines">What is drawn of it.</param>
/// <param name="Lost">Where it lost time.</param>
public sealed record ShownStep(TracedStep Step, StepTimelines Timelines, StepLosses Lost)
{
    /// <summary>The step that is chosen. Cost: that of sorting the steps and the operations of one.</summary>
    /// <param name="imported">The run.</param>
    /// <param name="choice">Which step.</param>
    /// <param name="limits">How large a pipeline may be.</param>
    /// <exception cref="InvalidProfileException">There is no such step among those that the profile is of, or it cannot be drawn.</exception>
    public static ShownStep Of(ImportedProfile imported, StepChoice choice, ProblemLimits limits)
    {
        var step = Chosen(imported, choice);
        var timelines = StepTimelines.Of(Problem.Create(imported.Profile with { Memory = null }, limits: limits), step);
        return new(step, timelines, StepLosses.Of(timelines, [.. step.ByRank.Select(rank => rank.Key).Order()]));
    }

    private static TracedStep Chosen(ImportedProfile imported, StepChoice choice)
    {
        if (imported.UsedSteps.IsEmpty)
            throw new InvalidProfileException([new("$.show", "Asks for a step of a run that recorded none: remove it.", ProfileErrorKind.Impossible)]);
        var median = ImportedTimes.Median(imported.UsedSteps.Select(step => step.Length));
        return imported.UsedSteps.Where(step => (choice.Step ?? step.Step) == step.Step && (choice.Replica ?? step.Replica) == step.Replica)
            .MinBy(step => Math.Abs(step.Length - median)) ?? throw new InvalidProfileException([new("$.show", NoSuch(imported), ProfileErrorKind.Impossible)]);
    }

    private static string NoSuch(ImportedProfile imported)
    {
        var (steps, replicas) = (imported.UsedSteps.Select(step => step.Step), imported.UsedSteps.Select(step => step.Replica));
        return $"Asks for a step that the profile is not of: those are among steps {steps.Min()} to {steps.Max()} of replicas {replicas.Min()} to "
            + $"{replicas.Max()}.";
    }
}
