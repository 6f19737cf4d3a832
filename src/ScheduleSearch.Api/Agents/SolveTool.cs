using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Nodes;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Agents.Answers;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Agents;

/// <summary>Searches the best schedule of a profile.</summary>
internal sealed class SolveTool(
    RequestReader reader, CallersSchedules schedules, ScheduleCache cache, JobControl jobs, TimeProvider time) : IAgentTool
{
    private const string GoesOn = "The search goes on. Call solve with the same arguments to wait for it, or explain with the id for the best so far.";
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public ToolDescription Description { get; } = new(
        "solve",
        "Search the best schedule",
        "Searches the best schedule of a profile and answers with its figures: makespan, span and idle time in the profile's unit of time (ms unless it says "
            + "otherwise), memory in its unit of memory (MiB unless it says otherwise), a proved lower bound and the gap to it (0 to 1). The operations "
            + "themselves are left out: `instructions` and the paths in `links` have them. Status `optimal` means that nothing is better; `feasible` that the "
            + "time limit (options.timeLimitSeconds, seconds) ended the search; `queued` or `running` that it goes on after the seconds that a call waits at "
            + string.Create(CultureInfo.InvariantCulture, $"most, {ToolCall.LongestWait.TotalSeconds:0}: call again with the same arguments."),
        AccessPolicies.Solve,
        typeof(SolveArguments),
        typeof(SolvedAnswer),
        Examples.All[0].Request);

    /// <inheritdoc/>
    public async Task<object> RunAsync(ToolCall call)
    {
        var arrival = time.GetTimestamp();
        var (submission, options, callback) = await reader.ReadSolveAsync(call.Context);
        if (callback is not null) throw RequestFault.BadParameter("$.callback", "Is not taken here: leave it out, and call again to see what was found.");
        var longest = jobs.WaitFor(options) is var asked && asked < ToolCall.LongestWait ? asked : ToolCall.LongestWait;
        var deadline = new Deadline(arrival, longest);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation);
        var telling = Task.CompletedTask;
        try
        {
            var (stored, isDone, cached) = await schedules.SolveAsync(call.Context, "solve", submission, options, deadline, () =>
            {
                telling = TellAsync(call, submission.Id, deadline, ended.Token);
                return Task.CompletedTask;
            });
            var view = await schedules.FiguresAsync(call.Context, stored);
            await schedules.KeepAsync(call.Context, view);
            var state = isDone && stored.IsUnfinished ? view.Reached : view.Status;
            var notes = new RequestNotes(Warnings.Of(submission.Profile), await Launch.OfAsync(view, options, cache, call.Cancellation));
            return await AnswerAsync(view, state, cached, isDone, notes, call.Cancellation);
        }
        finally
        {
            await ended.CancelAsync();
            await telling;
        }
    }

    private static async Task<JsonObject> AnswerAsync(
        ScheduleView view, string state, bool cached, bool isDone, RequestNotes notes, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        var output = PipeWriter.Create(bytes, new StreamPipeWriterOptions(leaveOpen: true));
        await ScheduleJson.WriteAsync(output, view, state, cached, index: null, notes, cancellation);
        await output.CompleteAsync();
        bytes.Position = 0;
        var answer = (await JsonNode.ParseAsync(bytes, cancellationToken: cancellation))!.AsObject();
        if (!isDone) answer["next"] = GoesOn;
        if (view.Shown?.Revision is { } revision)
            answer["links"] = JsonSerializer.SerializeToNode(SchedulePaths.Of(view.Stored.Id, revision), AnswerJson.Options);
        return answer;
    }

    /// <summary>Tells the caller of each better schedule and bound, and now and then that the search goes on.</summary>
    private async Task TellAsync(ToolCall call, string id, Deadline deadline, CancellationToken ended)
    {
        using var watching = jobs.Watch(id);
        try
        {
            var progress = await watching.ReadAsync().WaitAsync(ended);
            while (progress is { IsUnfinished: true } && !jobs.IsStopping)
            {
                await call.TellAsync(time.GetElapsedTime(deadline.Since), deadline.Longest, Said(progress));
                progress = await jobs.NextAsync(watching, progress, Heartbeat, ended);
            }
        }
        catch (Exception exception) when (ended.IsCancellationRequested || StorageFault.Is(exception))
        {
            // The answer comes, or says what is wrong.
        }
    }

    private static string Said(Progress progress) => progress.Incumbent is { } incumbent
        ? string.Create(CultureInfo.InvariantCulture, $"{progress.Status}: best {incumbent}, lower bound {progress.LowerBound}, gap {progress.Gap:P1}")
        : $"{progress.Status}: no schedule yet";
}
