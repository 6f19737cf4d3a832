using System.Text.Json.Nodes;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Schedules;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Schedules.Requests;

namespace ScheduleSearch.Api.Agents;

/// <summary>Checks somebody's order, or a stored one.</summary>
internal sealed class VerifyTool(RequestReader reader, CanonicalIds ids, OwnOrders orders, CallersSchedules schedules, ScheduleCache cache) : IAgentTool
{
    private static readonly JsonNode Example = JsonNode.Parse(
        """
        {"profile":{"pipeline":{"devices":2,"microbatches":1},"times":{"forward":1,"backwardInput":1,"backwardWeight":1}},
         "devices":[[{"op":"forward","stage":0,"microbatch":0},{"op":"backward","stage":0,"microbatch":0}],
                    [{"op":"forward","stage":1,"microbatch":0},{"op":"backward","stage":1,"microbatch":0}]]}
        """)!;

    /// <inheritdoc/>
    public ToolDescription Description { get; } = new(
        "verify",
        "Verify an order of operations",
        "Replays an order of your own with the profile's exact times: its makespan and span (profile's unit of time), peak memory (its unit of memory) and the "
            + "gap to the proved lower bound, or the rules that it breaks, each with device and position. Either `profile` and `devices`, for each device its "
            + "operations in execution order, or in its place `csv`, a schedule's CSV of torch.distributed.pipelining; or the `id` of a stored schedule alone. "
            + "`searched` is the searched schedule of the same problem beside it. An order that keeps the rules is stored under an `id` unless "
            + "`store` is false.",
        AccessPolicies.Read,
        typeof(VerifyRequest),
        typeof(Verification),
        Example);

    /// <inheritdoc/>
    public async Task<object> RunAsync(ToolCall call)
    {
        using var question = await reader.ReadVerifyAsync(call.Context);
        return await AnalysisEndpoints.VerificationOfAsync(call.Context, question, orders, ids, schedules, cache);
    }
}
