using ScheduleSearch.Core.Evaluation;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Evaluations;

/// <summary>A schedule replayed many times with durations that vary. Times are in the profile's own unit.</summary>
/// <param name="Revision" example="5f1d7a84c0e2b396">The name of the schedule.</param>
/// <param name="Objective" example="makespan">What a replay is measured by.</param>
/// <param name="TimeUnit" example="ms">The unit of all times.</param>
/// <param name="Replays" example="1000">How often each order was replayed.</param>
/// <param name="Seed" example="0">The draws' seed.</param>
/// <param name="Schedule">What replays of the schedule took.</param>
/// <param name="Families">What replays of the published families whose orders fit the problem took with the same durations, the least <c>p95</c> first.</param>
/// <param name="LeastP95" example="zb-h1">The order that 95 % of its replays take least: the schedule's method, or a family.</param>
/// <param name="Operations">How often operations are critical, by stage and kind.</param>
/// <param name="MostCritical">The operations that are critical most often, at most 20.</param>
/// <param name="Devices">The devices.</param>
/// <param name="Links">The links, from one device to another.</param>
internal sealed record EvaluationAnswer(
    string? Revision, string Objective, string TimeUnit, int Replays, long Seed, EvaluatedOrderAnswer Schedule, IReadOnlyList<EvaluatedOrderAnswer> Families,
    string LeastP95, IReadOnlyList<CriticalKindAnswer> Operations, IReadOnlyList<OftenCriticalAnswer> MostCritical,
    IReadOnlyList<EvaluatedDeviceAnswer> Devices, IReadOnlyList<EvaluatedLinkAnswer> Links)
{
    private const int MostListed = 20;

    /// <summary>The answer of an evaluation.</summary>
    /// <param name="evaluated">What was found.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="revision">The name of the schedule; null for none.</param>
    public static EvaluationAnswer Of(Evaluated evaluated, EvaluationRequest request, string? revision)
    {
        var (graph, problem) = (evaluated.Graph, evaluated.Graph.Problem);
        return new EvaluationAnswer(
            revision,
            ProfileJson.NameOf(problem.Objective),
            problem.Profile.Times.Unit.ToString(),
            request.Replays,
            request.Seed,
            EvaluatedOrderAnswer.Of(problem, evaluated.Schedule, null),
            [.. evaluated.Others.OrderBy(order => order.Distribution.P95).Select(order => EvaluatedOrderAnswer.Of(problem, order, evaluated.Schedule))],
            evaluated.Others.Prepend(evaluated.Schedule).MinBy(order => order.Distribution.P95)!.Name,
            [.. Enumerable.Range(0, graph.Count).Where(operation => graph.LaneOf[operation] != OperationGraph.NoLane)
                .GroupBy(operation => (graph.Operations[operation].Pipe, graph.Operations[operation].Stage, graph.Operations[operation].Kind))
                .OrderBy(kind => kind.Key).Select(kind => CriticalKindAnswer.Of(evaluated, [.. kind]))],
            [.. Enumerable.Range(0, graph.Count).Where(operation => graph.LaneOf[operation] != OperationGraph.NoLane && evaluated.Critical[operation] > 0)
                .OrderByDescending(operation => evaluated.Critical[operation]).Take(MostListed)
                .Select(operation => OftenCriticalAnswer.Of(evaluated, operation))],
            [.. Enumerable.Range(0, problem.Devices).Select(device => EvaluatedDeviceAnswer.Of(evaluated, device))],
            [.. Enumerable.Range(0, evaluated.Links.Count).Select(link => EvaluatedLinkAnswer.Of(evaluated, link))]);
    }
}
