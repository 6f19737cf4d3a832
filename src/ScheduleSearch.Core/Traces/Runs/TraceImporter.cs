using System.Collections.Immutable;
using ScheduleSearch.Core.Evaluation;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>Makes a profile of a recorded run.</summary>
public static class TraceImporter
{
    private const double WarmUpLength = 1.5;

    private const int MostSampled = 2000, Digits = 6;

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

        var trace = format.Read(request.Files, request.TimeUnit, errors);
        var shape = trace is null ? null : TraceShape.Of(trace.Operations, limits, errors);
        return trace is null || shape is null ? throw new InvalidProfileException(errors) : Of(request, trace, shape, limits);
    }

    private static ImportedProfile Of(ImportRequest request, Trace trace, TraceShape shape, ProblemLimits limits)
    {
        var whole = shape.WholeSteps(trace.Operations);
        if (whole.IsEmpty)
            throw Impossible($"Hold no step in which each of {shape.Stages} stages has every operation of {shape.Microbatches} microbatches once.");
        var warmUp = request.WarmUpSteps ?? WarmUpOf(whole);
        var used = WithoutFirst(whole, warmUp);
        if (used.IsEmpty) throw new InvalidProfileException([new("$.warmUpSteps", $"Is {warmUp}, which leaves no step.", ProfileErrorKind.Impossible)]);
        if (trace.BeginsWithWaiting) used = [.. used.Select(step => TraceGaps.WithoutWaiting(step, shape.Stages))];
        List<DurationStatistics> durations = [.. used.SelectMany(step => step.Operations).GroupBy(operation => (operation.Stage, operation.Kind))
            .OrderBy(kind => kind.Key).Select(kind => DurationStatistics.Of(
                kind.Key.Stage, kind.Key.Kind, [.. kind.Select(operation => operation.Duration)]))];
        var communication = trace.BeginsWithWaiting ? null : TraceGaps.Communication(used, shape.Stages);
        var memory = TraceMemory.Of(trace.PeakMemory, used[0]);
        var profile = ProfileOf(request.Name, shape, durations, communication, memory);
        var ranks = RanksOf(used);
        var replicas = trace.Operations.Select(operation => operation.Replica).Distinct().Count();
        var counted = trace.Operations.Select(operation => (operation.Replica, operation.Step)).Distinct().Count();
        return new ImportedProfile(
            trace.Format, profile, SamplesOf(shape, used),
            new(used.Length, whole.Length - used.Length, counted - whole.Length, replicas), durations, ranks, communication,
            FidelityOf(profile, shape, used, limits), memory,
            [.. trace.Untold, .. UntoldOf(shape, communication, memory)],
            [.. TraceWarnings.Of(profile, durations, ranks, communication)], used);
    }

    /// <summary>The first steps that take much longer than most.</summary>
    private static int WarmUpOf(ImmutableArray<TracedStep> steps)
    {
        double[] lengths = [.. steps.Select(step => step.Length).Order()];
        var most = WarmUpLength * Distribution.Quantile(lengths, 0.5);
        return steps.GroupBy(step => step.Step).OrderBy(step => step.Key).TakeWhile(step => step.Max(replica => replica.Length) > most).Count();
    }

    private static ImmutableArray<TracedStep> WithoutFirst(ImmutableArray<TracedStep> steps, int count)
    {
        var left = steps.Select(step => step.Step).Distinct().Order().Skip(count).ToHashSet();
        return [.. steps.Where(step => left.Contains(step.Step))];
    }

    private static Profile ProfileOf(
        string? name, TraceShape shape, List<DurationStatistics> durations, ImportedCommunication? communication, MemoryFit? memory)
    {
        var medians = durations.ToDictionary(one => (one.Stage, one.Op), one => one.Median);
        return new Profile
        {
            Name = name,
            Pipeline = shape.Pipeline(),
            Times = new()
            {
                Unit = TimeUnit.ms,
                Forward = Each(stage => Median(stage, OperationKind.Forward)),
                BackwardInput = Each(stage => shape.IsSplit[stage] ? Median(stage, OperationKind.BackwardInput) : Median(stage, OperationKind.Backward) / 2),
                BackwardWeight = Each(stage => shape.IsSplit[stage] ? Median(stage, OperationKind.BackwardWeight) : Median(stage, OperationKind.Backward) / 2),
                Communication = Number(communication?.Median ?? 0),
            },
            Memory = memory is null ? null : new() { Unit = MemoryUnit.GiB, Activation = Number(memory.Activation) },
        };

        StageValues Each(Func<int, double> value) => StageValues.Each(Enumerable.Range(0, shape.Stages).Select(stage => Number(value(stage))));

        double Median(int stage, OperationKind kind) => medians[(stage, kind.Facts().Name)];
    }

    private static decimal Number(double value) => DecimalScale.Normalize(decimal.Round((decimal)value, Digits));

    private static List<RankStatistics> RanksOf(ImmutableArray<TracedStep> steps)
    {
        List<(int Replica, int Rank, double Work)> works =
        [
            .. from step in steps
               from rank in step.ByRank
               group rank.Sum(operation => operation.Duration) by (step.Replica, rank.Key) into worked
               orderby worked.Key
               select (worked.Key.Replica, worked.Key.Key, Median(worked)),
        ];
        var (all, byRank) = (Median(works.Select(rank => rank.Work)), works.GroupBy(rank => rank.Rank).ToDictionary(
            rank => rank.Key, rank => Median(rank.Select(each => each.Work))));
        return works.ConvertAll(rank => new RankStatistics(rank.Replica, rank.Rank, rank.Work, Ratio(rank.Work, byRank[rank.Rank]), Ratio(rank.Work, all)));
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
            [.. Enumerable.Range(0, shape.Stages).Select(stage => rows.Select(row => Number(duration(row, stage))).ToImmutableArray())];
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
                Median(recorded), Median(own), Median(own.Zip(recorded, (replayed, length) => Math.Abs(Ratio(replayed, length) - 1))), mean, medians,
                Ratio(medians, mean) - 1);
        }
        catch (DeadlockException deadlock)
        {
            throw Impossible($"Hold an order of {shape.Ranks.Length} ranks in which operations wait for each other: {deadlock.Message}");
        }
    }

    private static Problem ProblemOf(Profile profile, ProblemLimits limits)
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
        if (!shape.IsSplit.All(split => split))
            yield return "Whole backwards are recorded: the profile has half of each as input gradient and half as weight gradient.";
        if (communication is null)
            yield return "Operations begin with waiting for what they take, so that messages have no time of their own: the profile has 0.";
        else if (communication.Messages == 0) yield return "No rank waited for a message: the profile has a latency of 0.";
        if (memory is null) yield return "The memory of an activation: the profile has no memory, so state memory.activation and memory.limit.";
        else yield return "The limit of a device's memory: state memory.limit, which counts activations alone.";
    }

    private static double Median(IEnumerable<double> values) => Distribution.Quantile(values.Order().ToArray(), 0.5);

    private static double Ratio(double value, double reference) => reference == 0 ? 1 : value / reference;

    private static InvalidProfileException Impossible(string message) => new([new(Path, message, ProfileErrorKind.Impossible)]);
}
