using System.Text.Json.Nodes;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Agents.Answers;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Agents;

/// <summary>Says why a schedule takes as long as it does.</summary>
internal sealed class ExplainTool(CallersSchedules schedules, ScheduleCache cache) : IAgentTool
{
    /// <inheritdoc/>
    public ToolDescription Description { get; } = new(
        "explain",
        "Explain what a schedule's time goes into",
        "Why a stored schedule takes as long as it does, in the units that the answer names: idle time of each device by phase and by cause with what limits it most, the "
            + "critical path (operations of which each waits for the one before), the proved lower bound and what proves it, memory of each device beside its "
            + "limit, and what would make it shorter. Takes the `id` of an answer of solve, of a search that still runs too.",
        AccessPolicies.Read,
        typeof(ExplainArguments),
        typeof(Explanation),
        new JsonObject { ["id"] = "6235d1e53d81be86f73af26d405147748f7f7763bf6e04518c5de33b9cbed7ba" });

    /// <inheritdoc/>
    public async Task<object> RunAsync(ToolCall call)
    {
        var asked = call.Read(members => members.Required("id")?.Text(ScheduleId.Length) is { } id ? new ExplainArguments(id) : null);
        var stored = await schedules.FindScheduleAsync(call.Context, asked.Id);
        var solution = await cache.SolutionOfAsync(stored, call.Cancellation) ?? throw RequestFault.NoScheduleYet(stored);
        return Explanation.Of(asked.Id, stored, solution);
    }
}
