using ScheduleSearch.Api.Callbacks;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Schedules;

/// <summary>Has what a request asks for searched, waits as long as it says, and answers with what there is then.</summary>
internal sealed class SolveAnswers(CallersSchedules schedules, ScheduleCache cache, JobControl jobs, CallbackStore callbacks)
{
    /// <summary>The answer: 200 when the search has ended within the wait, else 202.</summary>
    /// <param name="context">The request.</param>
    /// <param name="action">What it is called in the audit.</param>
    /// <param name="request">What it asks for.</param>
    /// <param name="arrival">When it arrived; see <see cref="Arrival"/>.</param>
    /// <param name="stream">The stream that is to stand in the place of the JSON; null for none.</param>
    /// <param name="start">A schedule to begin with, if it is better than what is stored; null for none.</param>
    public async Task<IResult> OfAsync(
        HttpContext context, string action, SubmittedRequest request, long arrival, AskedStream? stream = null, Solution? start = null)
    {
        var (submission, options, callback) = request;
        var deadline = new Deadline(arrival, Preference.Wait(context, jobs.WaitFor(options)));
        var (stored, isDone, cached) = await schedules.SolveAsync(context, action, submission, options, deadline, ExpectAsync, start);
        var view = await schedules.ViewAsync(context, stored);
        await schedules.KeepAsync(context, view);
        ScheduleLinks.Add(context, view, submission.Profile.Name);
        if (isDone && stream is not null)
        {
            return await ScheduleEndpoints.StreamAsync(
                context, stored.Id, stream.IsPicture ? stream with { Name = submission.Profile.Name } : stream, schedules, cache);
        }

        var notes = new RequestNotes(Warnings.Of(submission.Profile), await Launch.OfAsync(view, options, cache, context.RequestAborted));
        if (isDone) return new ScheduleDocument(view, stored.IsUnfinished ? view.Reached : view.Status, cached) { Notes = notes };
        context.Response.Headers.Location = $"/schedules/{stored.Id}";
        context.Response.Headers.RetryAfter = "1";
        return new ScheduleDocument(view, view.Status, cached, StatusCodes.Status202Accepted) { Notes = notes };

        // What is submitted is searched whether the client stays or leaves, and so is told of.
        Task ExpectAsync() => callback is null
            ? Task.CompletedTask
            : callbacks.AddAsync(submission.Id, callback, Budget.Of(options), CancellationToken.None);
    }
}
