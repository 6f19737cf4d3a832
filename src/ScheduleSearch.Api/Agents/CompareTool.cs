using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Schedules;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Schedules.Requests;

namespace ScheduleSearch.Api.Agents;

/// <summary>Compares the published schedules of a profile's placement with the searched one.</summary>
internal sealed class CompareTool(RequestReader reader, CallersSchedules schedules, JobControl jobs, ScheduleCache cache, TimeProvider time) : IAgentTool
{
    /// <inheritdoc/>
    public ToolDescription Description { get; } = new(
        "compare",
        "Compare published schedules with the searched one",
        "One row for each published schedule family of the profile's placement (1F1B, ZB-H1 and others) and one for the searched schedule: makespan and span "
            + "in the profile's unit of time, peak memory of each device in its unit of memory, whether that fits the limits, and bubble ratio (0 to 1). "
            + "A family that the profile does not admit says what to change. Takes the arguments of solve, with a placement other than `best`.",
        AccessPolicies.Solve,
        typeof(CompareRequest),
        typeof(Comparison),
        Examples.All[0].Request);

    /// <inheritdoc/>
    public async Task<object> RunAsync(ToolCall call) =>
        (await AnalysisEndpoints.CompareAsync(call.Context, reader, schedules, jobs, cache, time)).Value!;
}
