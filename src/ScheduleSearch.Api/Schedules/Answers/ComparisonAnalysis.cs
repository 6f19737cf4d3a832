using ScheduleSearch.Core.Families.Asynchronous;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>What is known in closed form of a run that is no schedule of the problem, in the profile's own units.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does otherwise.</param>
/// <param name="Source">The paper that defines it.</param>
/// <param name="ChangesTrainingResult">Whether training so ends in other weights than a schedule of the problem.</param>
/// <param name="MicrobatchTime">The time from one microbatch to the next in the long run: its inverse is the throughput.</param>
/// <param name="IterationTime">The time of as many microbatches as an iteration of the profile has, in the long run.</param>
/// <param name="BubbleRatio">1 - (busy time of the busiest device) / iteration time.</param>
/// <param name="WeightVersions">The versions of its weights that each device holds at once, the newest included.</param>
/// <param name="Delay">For each device, the updates of its weights between the forward that read them and the update by that microbatch's gradient.</param>
/// <param name="PeakMemory">The most activation memory that each device holds at once.</param>
/// <param name="WeightMemory">The memory of the weights on each device, all their versions, where the profile states it.</param>
internal sealed record ComparisonAnalysis(
    string Name, string Description, string Source, bool ChangesTrainingResult, decimal MicrobatchTime, decimal IterationTime, double BubbleRatio,
    IReadOnlyList<int> WeightVersions, IReadOnlyList<int> Delay, IReadOnlyList<decimal> PeakMemory, IReadOnlyList<decimal>? WeightMemory)
{
    /// <summary>The analyses of a problem's placement: a new one is a line here.</summary>
    public static IReadOnlyList<ComparisonAnalysis> Of(Problem problem) => PipeDreamAnalysis.WhyNot(problem) is null ? [OfPipeDream(problem)] : [];

    private static ComparisonAnalysis OfPipeDream(Problem problem)
    {
        var (analysis, memory) = (PipeDreamAnalysis.Of(problem), problem.MemoryScale);
        return new ComparisonAnalysis(
            "pipedream",
            $"PipeDream's 1F1B without a flush, {analysis.InFlight} microbatches in flight, each of them an update by itself; it {PipeDreamAnalysis.Label}: "
                + "stages train on weights that are as many updates old as stages follow.",
            PipeDreamAnalysis.Source,
            ChangesTrainingResult: true,
            problem.TimeScale.FromMean(analysis.TicksPerMicrobatch),
            problem.TimeScale.FromMean(analysis.TicksPerMicrobatch * problem.Microbatches),
            1 - analysis.Utilization,
            [.. analysis.Stages.Select(stage => stage.WeightVersions)],
            [.. analysis.Stages.Select(stage => stage.Delay)],
            [.. analysis.Stages.Select(stage => memory.FromTicks(stage.ActivationMemory))],
            problem.Profile.Memory?.Weights is null ? null : [.. analysis.Stages.Select(stage => memory.FromTicks(stage.WeightMemory))]);
    }
}
