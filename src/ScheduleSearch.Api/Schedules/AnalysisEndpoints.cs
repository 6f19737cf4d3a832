using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Schedules;

internal static class AnalysisEndpoints
{
    /// <summary>What a file with a stream of somebody's order is called: it has no id.</summary>
    private const string OwnOrder = "own-order";

    /// <summary>Lists, compares and verifies schedules.</summary>
    public static IEndpointRouteBuilder MapAnalysis(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/schedules").WithTags("Schedules").RequireAuthorization(AccessPolicies.Read);
        group.MapGet("", ListAsync).WithName("listSchedules").WithSummary("What is stored, newest first.")
            .WithDescription("The header Link leads to the next page (`rel=\"next\"`) and to the one before.")
            .Produces<SchedulePage>().ProducesFaults(400, 503);
        group.MapPost("/compare", CompareAsync).WithName("compare").RequireAuthorization(AccessPolicies.Solve).Accepts<CompareRequest>("application/json")
            .WithSummary("The schedule families of a profile's placement beside the searched schedule.")
            .WithDescription("The profile and options that solve takes. `options.family` does not count here: every family of the placement has a row, "
                + "and those that `options.runtime` cannot run say why.")
            .Produces<Comparison>().ProducesFaults(400, 413, 415, 422, 429, 503);
        group.MapPost("/verify", VerifyAsync).WithName("verify").Accepts<VerifyRequest>("application/json")
            .WithSummary("Replays somebody's order: its metrics, or the rules that it breaks.")
            .WithDescription("Either `profile` and the order, as `devices` or as a `csv` of torch.distributed.pipelining, or the `id` of a stored schedule "
                + "alone, which is then read from the storage and checked: so an answer that is larger than the largest body can be verified where it was "
                + "made.\n\n"
                + "An order that breaks no rule is stored under an `id` of its own, by which figures, timeline, streams and pages show it as any schedule; it "
                + "never stands in for the searched one, `searched`. `store: false` leaves it out, and a key of the role read stores nothing. "
                + "The header Link leads to its picture, streams and critical path.\n\n"
                + "`format` has the order answered as an instruction stream, picture or trace in the place of its figures, as "
                + "`/schedules/{id}/instructions` answers what is stored; an order that breaks rules is then 422, with every rule named, "
                + "and nothing is stored.")
            .Produces<Verification>().ProducesFaults(400, 404, 408, 409, 413, 415, 422, 503);
        return routes;
    }

    // Agents ask for the same: a comment for the compiler would become the document's summary.
    internal static async Task<Ok<Comparison>> CompareAsync(
        HttpContext context, RequestReader reader, CallersSchedules schedules, JobControl jobs, ScheduleCache cache, TimeProvider time)
    {
        var arrival = await Arrival.NoteAsync(time);
        var (problem, options) = await reader.ReadCompareAsync(context);
        var deadline = new Deadline(arrival, Preference.Wait(context, jobs.WaitFor(options)));
        var (stored, _, _) = await schedules.SolveAsync(context, "compare", Submission.Of(problem), options, deadline);
        var families = await cache.FamiliesOfAsync(stored, problem, context.RequestAborted);
        if (CarriedChoice.RuntimeOf(options) is { } runtime) families = Comparison.CarriedBy(runtime, problem, families);
        return TypedResults.Ok(Comparison.Of(problem, families, stored, await cache.MetricsOfAsync(stored, context.RequestAborted)));
    }

    internal static async Task<Verification> VerificationOfAsync(
        HttpContext context, VerifyQuestion question, OwnOrders orders, CanonicalIds ids, CallersSchedules schedules, ScheduleCache cache)
    {
        if (question.Order is { } order) return await orders.JudgeAsync(context, order, question.Store);
        var stored = await schedules.FindScheduleAsync(context, await ids.OfAsync(context, question.Id!));
        var solution = await cache.SolutionOfAsync(stored, context.RequestAborted) ?? throw RequestFault.NoScheduleYet(stored);
        return Verification.Of(solution, stored.Id, stored.Revision);
    }

    private static async Task<IResult> VerifyAsync(
        HttpContext context, [FromQuery] string? format, [FromQuery] string? version, RequestReader reader, OwnOrders orders, CanonicalIds ids,
        CallersSchedules schedules, ScheduleCache cache)
    {
        var stream = InstructionEndpoints.StreamInPlace(format, version);
        using var question = await reader.ReadVerifyAsync(context);
        if (stream is null)
        {
            var verification = await VerificationOfAsync(context, question, orders, ids, schedules, cache);
            if (verification is { Id: { } id, Revision: { } revision }) ScheduleLinks.AddOf(context, id, revision, question.Order?.Problem.Profile.Name);
            return TypedResults.Ok(verification);
        }

        return question.Order is { } order
            ? StreamOf(order, stream.Format)
            : await ScheduleEndpoints.StreamAsync(context, await ids.OfAsync(context, question.Id!), stream, schedules, cache);
    }

    private static InstructionDocument StreamOf(ClaimedOrder order, IInstructionFormat format)
    {
        var (verification, solution) = JudgedOrder.Of(order);
        if (solution is null) throw new InvalidProfileException([.. verification.Violations.Select(order.ErrorOf)]);
        if (format.WhyNot(solution.Timeline) is { } refusal) throw InstructionEndpoints.NotCarried(refusal);
        var bytes = PackedBytes.Of(output => format.Write(solution.Timeline, rank: null, output));
        return new InstructionDocument(format.MediaType, $"{OwnOrder}.{format.FileExtension}", bytes);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, [AsParameters] ScheduleFilter filter, Func<SchedulesContext> open, IOptions<LimitSettings> limits, Askers askers)
    {
        await using var schedules = open();
        var page = await ScheduleList.ReadAsync(schedules, filter, limits.Value.MaxPageSize, askers.ReaderOf(context), context.RequestAborted);
        PageLinks.Add(context, page.Page, page.PageSize, page.Total);
        return TypedResults.Ok(page);
    }
}
