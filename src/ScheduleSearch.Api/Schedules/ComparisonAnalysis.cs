using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Schedules;

/// <summary>What is known in closed form of a run that is no schedule of the problem, in the profile's own units.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does otherwise.</param>
/// <param name="Source">The paper that defines it.</param>
/// <param name="ChangesTrainingResult">Whether training so ends in other weights than a schedule of the problem.</param>
/// <param name="IterationTime">The time between two updates in the long run.</param>
/// <param name="BubbleRatio">1 - (busy time of the busiest device) / iteration time.</param>
/// <param name="PeakMemory">The most activation memory that each device holds at once.</param>
/// <param name="WeightMemory">The memory of the weights on each device, all their versions, where the profile states it.</param>
internal sealed record ComparisonAnalysis(
    string Name, string Description, string Source, bool ChangesTrainingResult, decimal IterationTime, double BubbleRatio,
    IReadOnlyList<decimal> PeakMemory, IReadOnlyList<decimal>? WeightMemory)
{
    /// <summary>The analyses of a problem's placement: a new one is a line here.</summary>
    public static IReadOnlyList<ComparisonAnalysis> Of(Problem problem) => [];
}
