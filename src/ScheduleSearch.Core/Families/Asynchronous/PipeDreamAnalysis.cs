using System.Collections.Immutable;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Families.Asynchronous;

/// <summary>
/// PipeDream's 1F1B without a flush: no schedule of an iteration, because microbatches follow each other for as long as training goes on and
/// each updates the weights by itself. Both passes of a microbatch read the same version of a stage's weights (weight stashing), and stages
/// read versions of different age. Source: Narayanan et al., PipeDream, arXiv:1806.03377.
/// </summary>
/// <param name="InFlight">The microbatches in flight at the first stage (NOAM): p, with one device a stage.</param>
/// <param name="TicksPerMicrobatch">
/// The time of a microbatch in the steady state, in ticks. Without latency it is the work of the busiest device, which then never waits. In
/// general stages a to b have b - a + 1 microbatches to themselves while one goes from a to b and back, for every such a and b.
/// </param>
/// <param name="BusiestTicks">The work of the busiest device on one microbatch, in ticks: what the time would be without latency.</param>
/// <param name="Stages">What each stage keeps.</param>
public sealed record PipeDreamAnalysis(int InFlight, decimal TicksPerMicrobatch, long BusiestTicks, ImmutableArray<AsynchronousStage> Stages)
{
    /// <summary>What anyone who compares it with a schedule must know.</summary>
    public const string Label = "changes the training result";

    /// <summary>The paper that defines it.</summary>
    public const string Source = "Narayanan et al., PipeDream, arXiv:1806.03377";

    private static FeatureSet Covered => FeatureCatalogue.Permitted;

    /// <summary>The part of its time that the busiest device works, in the steady state: 1 without latency.</summary>
    public double Utilization => (double)(BusiestTicks / TicksPerMicrobatch);

    /// <summary>What the problem must change to be analysed; null when nothing.</summary>
    public static string? WhyNot(Problem problem)
    {
        if (problem.Placement.Name != "linear") return "Is defined on the placement linear.";
        return Covered.Covers(problem)
            ? null
            : "Is defined for whole microbatches that keep their activations: leave profile.slices and profile.recompute out.";
    }

    /// <summary>Analyses a problem. Cost: quadratic in the devices.</summary>
    /// <exception cref="ArgumentException">The problem has another placement than linear, slices, or activations that are recomputed.</exception>
    public static PipeDreamAnalysis Of(Problem problem)
    {
        if (WhyNot(problem) is { } why) throw new ArgumentException(why, nameof(problem));
        return new PipeDreamAnalysis(
            problem.Devices,
            SteadyState(problem),
            Enumerable.Range(0, problem.Devices).Max(problem.WorkOnStage),
            [.. Enumerable.Range(0, problem.Stages).Select(stage => StageOf(problem, stage))]);
    }

    private static AsynchronousStage StageOf(Problem problem, int stage)
    {
        var versions = problem.Devices - stage;
        return new AsynchronousStage(stage, versions, Delay: versions - 1, versions * problem.Weights[stage], versions * problem.Activation[stage]);
    }

    /// <summary>
    /// The order of a device ties a forward to the backward that is its warm-up behind, and that backward to the next forward. A circle of waiting
    /// goes down from one stage to another and back up, and is short of one microbatch for each of its stages.
    /// </summary>
    private static decimal SteadyState(Problem problem)
    {
        var most = 0m;
        for (var first = 0; first < problem.Devices; first++)
        {
            var roundTrip = 0L;
            for (var last = first; last < problem.Devices; last++)
            {
                if (last > first) roundTrip += problem.LagBetween(0, last - 1, last) + problem.LagBetween(0, last, last - 1);
                roundTrip += problem.WorkOnStage(last);
                most = Math.Max(most, roundTrip / (decimal)(last - first + 1));
            }
        }

        return most;
    }
}
