using System.Collections.Immutable;
using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Evaluation;

/// <summary>A schedule replayed many times.</summary>
/// <param name="Schedule">What its replays took.</param>
/// <param name="Others">What those of other orders took with the same durations, in the order in which they were given.</param>
/// <param name="Graph">The operations of the schedule.</param>
/// <param name="Critical">For each operation, the share of replays whose length followed from it.</param>
/// <param name="Shares">For each operation, its mean share of the time of the paths that the lengths followed from.</param>
/// <param name="Links">The links between devices.</param>
/// <param name="LinksCritical">For each link, the share of replays whose length followed from a message on it.</param>
/// <param name="LinkShares">For each link, the mean share of messages on it of the time of these paths.</param>
/// <param name="Slack">What may take longer at the profile's durations.</param>
public sealed record Evaluated(
    EvaluatedOrder Schedule,
    IReadOnlyList<EvaluatedOrder> Others,
    OperationGraph Graph,
    ImmutableArray<double> Critical,
    ImmutableArray<double> Shares,
    IReadOnlyList<(int From, int To)> Links,
    ImmutableArray<double> LinksCritical,
    ImmutableArray<double> LinkShares,
    ScheduleSlack Slack);
