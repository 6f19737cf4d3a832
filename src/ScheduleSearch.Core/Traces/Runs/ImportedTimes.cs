using ScheduleSearch.Core.Evaluation;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>How durations of runs become a profile, whether each operation was recorded by itself or many of them together.</summary>
internal static class ImportedTimes
{
    /// <summary>What is said of backwards that are not in two parts.</summary>
    public const string WholeBackwards = "Whole backwards are recorded: the profile has half of each as input gradient and half as weight gradient.";

    private const double WarmUpLength = 1.5;
    private const int Digits = 6;

    /// <summary>A profile with the medians. Stages whose backwards are whole have half of them in each gradient.</summary>
    /// <param name="name">What it is called; null for nothing.</param>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="durations">The durations of each stage.</param>
    /// <param name="latency">Milliseconds of a message.</param>
    public static Profile ProfileOf(string? name, PipelineShape pipeline, IReadOnlyList<DurationStatistics> durations, double latency)
    {
        var medians = durations.ToDictionary(one => (one.Stage, one.Op), one => one.Median);
        return new Profile
        {
            Name = name,
            Pipeline = pipeline,
            Times = new()
            {
                Unit = TimeUnit.ms,
                Forward = Each(stage => medians[(stage, OperationKind.Forward.Facts().Name)]),
                BackwardInput = Each(stage => Part(stage, OperationKind.BackwardInput)),
                BackwardWeight = Each(stage => Part(stage, OperationKind.BackwardWeight)),
                Communication = Number(latency),
            },
        };

        StageValues Each(Func<int, double> value) =>
            StageValues.Each(Enumerable.Range(0, durations.Max(one => one.Stage) + 1).Select(stage => Number(value(stage))));

        double Part(int stage, OperationKind kind) => medians.TryGetValue((stage, kind.Facts().Name), out var part)
            ? part
            : medians[(stage, OperationKind.Backward.Facts().Name)] / 2;
    }

    /// <summary>How many of the first steps take much longer than most.</summary>
    public static int WarmUpOf(IEnumerable<(int Step, double Length)> steps)
    {
        var all = steps.ToList();
        var most = WarmUpLength * Median(all.Select(step => step.Length));
        return all.GroupBy(step => step.Step).OrderBy(step => step.Key).TakeWhile(step => step.Max(replica => replica.Length) > most).Count();
    }

    /// <summary>The refusal of a number of steps of warm-up that is all of them.</summary>
    public static InvalidProfileException NoStepLeft(int warmUp) =>
        new([new("$.warmUpSteps", $"Is {warmUp}, which leaves no step.", ProfileErrorKind.Impossible)]);

    /// <summary>A number of a profile: what is measured, to 6 digits after the point.</summary>
    public static decimal Number(double value) => DecimalScale.Normalize(decimal.Round((decimal)value, Digits));

    /// <summary>The median, of at least one value.</summary>
    public static double Median(IEnumerable<double> values) => Distribution.Quantile(values.Order().ToArray(), 0.5);

    /// <summary>A value against another; 1 where that is 0.</summary>
    public static double Ratio(double value, double reference) => reference == 0 ? 1 : value / reference;
}
