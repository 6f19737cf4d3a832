using ScheduleSearch.Api.Evaluations;

namespace ScheduleSearch.Api.Pages.Evaluating;

/// <summary>What a schedule takes when durations vary, as pages show it.</summary>
public sealed class ShownEvaluation
{
    private const int MostDrawn = 6;

    internal ShownEvaluation(EvaluationAnswer answer) => Answer = answer;

    /// <summary>The service's answer.</summary>
    internal EvaluationAnswer Answer { get; }

    /// <summary>The schedule and the families that their replays take least, whose curves are told apart.</summary>
    internal IReadOnlyList<EvaluatedOrderAnswer> Drawn => [Answer.Schedule, .. Answer.Families.Take(MostDrawn - 1)];

    /// <summary>What an order is called: the schedule may have been found by a family that stands beside it.</summary>
    internal string NameOf(EvaluatedOrderAnswer order) => order == Answer.Schedule ? $"the schedule, {order.Name}" : order.Name;

    /// <summary>All orders, the least <c>p95</c> first.</summary>
    internal IReadOnlyList<EvaluatedOrderAnswer> Orders => [.. Answer.Families.Prepend(Answer.Schedule).OrderBy(order => order.P95)];
}
