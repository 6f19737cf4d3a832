using ScheduleSearch.Core.Evaluation;

namespace ScheduleSearch.Api.Evaluations;

/// <summary>An operation that is often critical.</summary>
/// <param name="Device" example="0">The device that carries it out, or that a message leaves.</param>
/// <param name="Op" example="forward">The kind.</param>
/// <param name="Pipe">The pipe, for placements of two.</param>
/// <param name="Stage" example="0">The stage, from 0.</param>
/// <param name="Microbatch" example="0">The microbatch, from 0; of an item of other work, the number of the piece.</param>
/// <param name="Slice">The slice of the microbatch, from 0, where microbatches are sliced.</param>
/// <param name="Item">The item of the profile's <c>fill</c> that it is a piece of.</param>
/// <param name="Critical" example="0.98">The share of replays in which it is critical.</param>
/// <param name="Slack" example="0">How much longer it alone may take at no cost, at the profile's durations.</param>
internal sealed record OftenCriticalAnswer(
    int Device, string Op, int? Pipe, int Stage, int Microbatch, int? Slice, string? Item, double Critical, decimal Slack)
{
    /// <summary>An operation, by index.</summary>
    public static OftenCriticalAnswer Of(Evaluated evaluated, int index)
    {
        var (graph, problem) = (evaluated.Graph, evaluated.Graph.Problem);
        var operation = graph.Operations[index];
        return new OftenCriticalAnswer(
            graph.DeviceOf(index), operation.Facts.Name, problem.Placement.Pipes > 1 ? operation.Pipe : null, operation.Stage, operation.Microbatch,
            problem.SliceCount > 1 ? operation.Slice : null, operation.Item, evaluated.Critical[index],
            problem.TimeScale.FromTicks(evaluated.Slack.Operations[index]));
    }
}
