using Microsoft.AspNetCore.Authorization;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Schedules.Problems;

/// <summary>
/// Judges orders that somebody sends: what each costs beside the searched schedule of its problem. Those that break no rule are kept under ids of their own,
/// which are no problem's, so that they never stand in for what is searched.
/// </summary>
internal sealed class OwnOrders(
    TrustedSchedules schedules, GivenSchedules given, ScheduleCache cache, Askers askers, IAuthorizationService access, AuditLog audit, TimeProvider time,
    ILogger<OwnOrders> logger)
{
    /// <summary>The time after which a first answer tries nothing more.</summary>
    private static readonly TimeSpan LongestFirst = TimeSpan.FromSeconds(1);

    /// <summary>Judges an order, and keeps it where that is asked for and it breaks no rule.</summary>
    /// <param name="context">The request.</param>
    /// <param name="order">The order.</param>
    /// <param name="store">Whether to keep it; null to keep it for those who may have something stored.</param>
    /// <exception cref="RequestFault">403: it is to be kept, and the key may not have anything stored.</exception>
    /// <exception cref="InvalidProfileException">Some operations have times and some have none, or a time is beyond any schedule.</exception>
    public async Task<Verification> JudgeAsync(HttpContext context, ClaimedOrder order, bool? store)
    {
        var isKept = await IsKeptAsync(context, store);
        var (verification, solution) = JudgedOrder.Of(order);
        if (solution is null) return verification;
        var searched = await FindSearchedAsync(context, order.Problem);
        if (searched is not null) solution = WithBoundOf(searched, solution);
        var answer = searched is not null ? SearchedAnswer.Of(searched)
            : solution.IsOptimal ? null
            : await cache.FirstOfAsync(order.Problem, () => First(order.Problem), context.RequestAborted);
        var (id, revision) = isKept ? await KeepAsync(context, solution) : (null, null);
        return verification with
        {
            Id = id,
            Revision = revision,
            LowerBound = order.Problem.TimeScale.FromTicks(solution.Bound.Ticks),
            Gap = solution.Gap,
            CriticalPath = CriticalPathAnswer.Short(solution, revision),
            Searched = answer?.Beside(solution),
        };
    }

    private async Task<bool> IsKeptAsync(HttpContext context, bool? store)
    {
        if (store == false) return false;
        var mayStore = (await access.AuthorizeAsync(context.User, context, AccessPolicies.Solve)).Succeeded;
        if (store is null || mayStore) return mayStore;
        throw new RequestFault(
            StatusCodes.Status403Forbidden, $"$.{VerifyQuestion.StoreName}",
            $"Has the order stored, which takes a key of the role {AccessPolicies.Solve}: leave it out, or send such a key.");
    }

    /// <summary>The searched schedule of a problem, where the caller may read it and there is one.</summary>
    private async Task<StoredProblem?> FindSearchedAsync(HttpContext context, Problem problem) =>
        await askers.MayReadAsync(context, problem.Id)
        && await schedules.TryFindAsync(problem.Id, context.RequestAborted) is StoredProblem { Result.Order: not null } stored
            ? stored
            : null;

    private Solution WithBoundOf(StoredProblem searched, Solution own)
    {
        if (searched.Result is not { BoundTicks: { } ticks, BoundName: { } name }) return own;
        try
        {
            return own.WithBound(new ProvedBound(ticks, name));
        }
        catch (ContradictionException contradiction)
        {
            logger.LogError(contradiction, "An own order is better than what is proved of {Id}; that bound is not answered with.", searched.Id);
            return own;
        }
    }

    private Solution First(Problem problem)
    {
        var start = time.GetTimestamp();
        return QuickPass.Solve(problem, targetGap: 0, () => time.GetElapsedTime(start) >= LongestFirst);
    }

    private async Task<(string? Id, string? Revision)> KeepAsync(HttpContext context, Solution solution)
    {
        var order = OrderCodec.Encode(solution.Timeline.Schedule);
        var submission = Submission.Of(AskedSchedule.OfOrder(solution.Problem, OrderCodec.DigestOf(order)));
        await askers.RecordAsync(context, submission.Ids, submission.Profile.Name);
        // What is there and cannot be trusted goes by being looked at.
        var known = await schedules.TryFindAsync(submission.Id, context.RequestAborted);
        if (known is null || known.Result.BoundTicks < solution.Bound.Ticks)
        {
            var nameless = askers.AreKept ? submission.Nameless() : submission;
            await given.PutAsync(nameless, solution, spent: default, context.RequestAborted);
        }

        audit.Tell(context, "verify", submission.Id, known is null ? "stored" : "stored, cached");
        return (submission.Id, ScheduleRevision.Of(submission.Id, order));
    }
}
