using ScheduleSearch.Core.Evaluation;

namespace ScheduleSearch.Api.Evaluations;

/// <summary>How often the operations of a kind on a stage are critical.</summary>
/// <param name="Op" example="forward">The kind.</param>
/// <param name="Pipe">The pipe, for placements of two.</param>
/// <param name="Stage" example="0">The stage, from 0.</param>
/// <param name="Critical" example="0.25">The share of replays in which one of them is critical, in the mean over them.</param>
/// <param name="Share" example="0.1">Their share of the time of the critical paths, in the mean over the replays.</param>
internal sealed record CriticalKindAnswer(string Op, int? Pipe, int Stage, double Critical, double Share)
{
    /// <summary>The operations of a kind.</summary>
    /// <param name="evaluated">What was found.</param>
    /// <param name="operations">The operations, at least one, by index.</param>
    public static CriticalKindAnswer Of(Evaluated evaluated, IReadOnlyList<int> operations)
    {
        var (graph, first) = (evaluated.Graph, evaluated.Graph.Operations[operations[0]]);
        return new CriticalKindAnswer(
            first.Facts.Name, graph.Problem.Placement.Pipes > 1 ? first.Pipe : null, first.Stage,
            operations.Average(operation => evaluated.Critical[operation]), operations.Sum(operation => evaluated.Shares[operation]));
    }
}
