using System.Collections.Immutable;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>Makes a profile of a recorded run.</summary>
public static class TraceImporter
{
    private const int MostSampled = 2000;

    private const string Path = "$.files";

    /// <summary>The profile of a run. Cost: that of sorting its operations.</summary>
    /// <exception cref="InvalidProfileException">The files are of no format, or no run; the members are named.</exception>
    public static ImportedProfile Of(ImportRequest request, ProblemLimits limits)
    {
        var errors = new List<ProfileError>();
        var format = TraceFormatCatalogue.Find(request.Files);
        if (format is null)
        {
            var known = string.Join(" ", TraceFormatCatalogue.All.Select(each => each.Description));
            throw new InvalidProfileException([new(Path, $"Are not all of one known format; the formats are: {known}")]);
        }

        var trace = format.Read(request, errors);
        if (trace?.Means is { } means) return MeanImporter.Of(request, trace, means, limits);
        if (trace is not null && request.Pipeline is not null) errors.Add(new("$.pipeline", "Is what the files tell by themselves: remove it."));
        var shape = trace is null ? null : TraceShape.Of(trace.Operations, limits, errors);
        return trace is null || shape is null || errors.Count > 0 ? throw new InvalidProfileException(errors) : Of(request, trace, shape, limits);
    }

    private static ImportedProfile Of(ImportRequest request, Trace trace, TraceShape shape, ProblemLimits limits)
    {
        var whole = shape.WholeSteps(trace.Operations);
        if (whole.IsEmpty)
            throw Impossible($"Hold no step in which each of {shape.Stages} stages has every operation of {shape.Microbatches} microbatches once.");
        var warmUp = request.WarmUpSteps ?? ImportedTimes.WarmUpOf(whole.Select(step => (step.Step, step.Length)));
        var used = WithoutFirst(whole, warmUp);
        if (used.IsEmpty) throw ImportedTimes.NoStepLeft(warmUp);
        if (trace.BeginsWithWaiting) used = [.. used.Select(step => TraceGaps.WithoutWaiting(step, shape.Stages))];
        List<DurationStatistics> durations = [.. used.SelectMany(step => step.Operations).GroupBy(operation => (operation.Stage, operation.Kind))
            .OrderBy(kind => kind.Key).Select(kind => DurationStatistics.Of(
                kind.Key.Stage, kind.Key.Kind, [.. kind.Select(operation => operation.Duration)]))];
        var communication = trace.BeginsWithWaiting ? null : TraceGaps.Communication(used, shape.Stages);
        var memory = TraceMemory.Of(trace.PeakMemory, used[0]);
        var profile = ImportedTimes.ProfileOf(request.Name, shape.Pipeline(), durations, communication?.Median ?? 0) with
        {
            Memory = memory is null ? null : new() { Unit = MemoryUnit.GiB, Activation = ImportedTimes.Number(memory.Activation) },
            Overlap = trace.OverlapGain is > 0 and var gain ? new() { Gain = ImportedTimes.Number(gain) } : null,
        };
        var ranks = RankStatistics.Of(
            from step in used from rank in step.ByRank select (step.Replica, rank.Key, rank.Sum(operation => operation.Duration)));
        var replicas = trace.Operations.Select(operation => operation.Replica).Distinct().Count();
        var counted = trace.Operations.Select(operation => (operation.Replica, operation.Step)).Distinct().Count();
        return new ImportedProfile(
            trace.Format, profile, SamplesOf(shape, used),
            new(used.Length, whole.Length - used.Length, counted - whole.Length, replicas), durations, ranks, communication,
            FidelityOf(profile, shape, used, limits), memory,
            [.. trace.Untold, .. UntoldOf(shape, communication, memory)],
            [.. TraceWarnings.Of(profile, durations, ranks, communication, memory)], used);
    }

    private static ImmutableArray<TracedStep> WithoutFirst(ImmutableArray<TracedStep> steps, int count)
    {
        var left = steps.Select(step => step.Step).Distinct().Order().Skip(count).ToHashSet();
        return [.. steps.Where(step => left.Contains(step.Step))];
    }

    private static DurationSamples SamplesOf(TraceShape shape, ImmutableArray<TracedStep> steps)
    {
        var rows = (from step in steps
                    from microbatch in step.Operations.GroupBy(operation => operation.Microbatch)
                    select microbatch.ToDictionary(operation => (operation.Stage, operation.Kind), operation => operation.Duration)).ToList();
        var every = Math.Max(1, (rows.Count + MostSampled - 1) / MostSampled);
        rows = [.. rows.Where((_, index) => index % every == 0)];
        var isSplit = shape.IsSplit.All(split => split);
        return new DurationSamples
        {
            Forward = Lists((row, stage) => row[(stage, OperationKind.Forward)]),
            Backward = isSplit ? null : Lists((row, stage) => shape.IsSplit[stage]
                ? row[(stage, OperationKind.BackwardInput)] + row[(stage, OperationKind.BackwardWeight)]
                : row[(stage, OperationKind.Backward)]),
            BackwardInput = isSplit ? Lists((row, stage) => row[(stage, OperationKind.BackwardInput)]) : null,
            BackwardWeight = isSplit ? Lists((row, stage) => row[(stage, OperationKind.BackwardWeight)]) : null,
        };

        ImmutableArray<ImmutableArray<decimal>> Lists(Func<Dictionary<(int Stage, OperationKind Kind), double>, int, double> duration) =>
            [.. Enumerable.Range(0, shape.Stages).Select(stage => rows.Select(row => ImportedTimes.Number(duration(row, stage))).ToImmutableArray())];
    }

    private static ReplayFidelity FidelityOf(Profile profile, TraceShape shape, ImmutableArray<TracedStep> steps, ProblemLimits limits)
    {
        var problem = ProblemOf(profile, limits);
        try
        {
            var replays = steps.Select(step => new StepReplay(problem, step)).ToList();
            var own = replays.ConvertAll(replay => replay.WithOwnDurations());
            List<double> recorded = [.. steps.Select(step => step.Length)];
            var (mean, medians) = (recorded.Average(), replays.Average(each => each.WithMedians()));
            return new(
                ImportedTimes.Median(recorded), ImportedTimes.Median(own),
                ImportedTimes.Median(own.Zip(recorded, (replayed, length) => Math.Abs(ImportedTimes.Ratio(replayed, length) - 1))), mean, medians,
                ImportedTimes.Ratio(medians, mean) - 1);
        }
        catch (DeadlockException deadlock)
        {
            throw Impossible($"Hold an order of {shape.Ranks.Length} ranks in which operations wait for each other: {deadlock.Message}");
        }
    }

    /// <summary>The problem of an imported profile, without its memory.</summary>
    /// <exception cref="InvalidProfileException">The profile is refused: at the files, whose it is.</exception>
    internal static Problem ProblemOf(Profile profile, ProblemLimits limits)
    {
        try
        {
            return Problem.Create(profile with { Memory = null }, limits: limits);
        }
        catch (InvalidProfileException refused)
        {
            throw Impossible($"Make a profile that is refused: {refused.Message}");
        }
    }

    private static IEnumerable<string> UntoldOf(TraceShape shape, ImportedCommunication? communication, MemoryFit? memory)
    {
        if (!shape.IsSplit.All(split => split)) yield return ImportedTimes.WholeBackwards;
        if (communication is null)
            yield return "Operations begin with waiting for what they take, so that messages have no time of their own: the profile has 0.";
        else if (communication.Messages == 0) yield return "No rank waited for a message: the profile has a latency of 0.";
        if (memory is null) yield return "The memory of an activation: the profile has no memory, so state memory.activation and memory.limit.";
        else yield return "The limit of a device's memory: state memory.limit, which counts activations alone.";
    }


    internal static InvalidProfileException Impossible(string message) => new([new(Path, message, ProfileErrorKind.Impossible)]);
}
