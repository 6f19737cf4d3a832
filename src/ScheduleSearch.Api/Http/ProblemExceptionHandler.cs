using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Http;

/// <summary>The one place where exceptions become problems.</summary>
internal sealed class ProblemExceptionHandler(ILogger<ProblemExceptionHandler> logger) : IExceptionHandler
{
    private const int ClientGone = 499;
    private const int SecondsForSearches = 5;
    private const int SecondsForStorage = 2;
    private const int MostTold = 50;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // A connection that breaks shows in the body that is read before it shows in the request.
        if (httpContext.RequestAborted.IsCancellationRequested || exception is ConnectionResetException or ConnectionAbortedException)
        {
            httpContext.Response.StatusCode = ClientGone;
            httpContext.Abort();
            return true;
        }

        var (problem, retryAfter) = Report(exception);
        await problem.WriteAsync(httpContext, retryAfter);
        return true;
    }

    /// <summary>The problem that an exception is answered with, and the seconds after which to try again. What operators should know of it is logged.</summary>
    public (HttpProblem Problem, int? RetryAfter) Report(Exception exception)
    {
        var reported = ProblemOf(exception);
        if (reported.Problem.Status == StatusCodes.Status500InternalServerError) logger.LogError(exception, "A request failed by a defect.");
        if (exception is OutOfMemoryException) logger.LogError(exception, "A request failed for want of memory.");
        if (StorageFault.Is(exception)) logger.LogWarning("The database cannot be reached or written. {Reason}", StorageFault.ReasonOf(exception));
        return reported;
    }

    private static (HttpProblem Problem, int? RetryAfter) ProblemOf(Exception exception) => exception switch
    {
        InvalidProfileException invalid => (OfProfile(invalid), null),
        RequestFault { Member: { } member } fault =>
            (HttpProblem.Of(fault.Status, fault.Message, new Dictionary<string, string[]> { [member] = [fault.MemberMessage!] }), fault.RetryAfter),
        RequestFault fault => (HttpProblem.Of(fault.Status, fault.Message), fault.RetryAfter),
        BadHttpRequestException bad => (HttpProblem.Of(bad.StatusCode, bad.Message), null),
        BusyException busy => (HttpProblem.Of(StatusCodes.Status429TooManyRequests, busy.Message), SecondsForSearches),
        OutOfMemoryException => (
            HttpProblem.Of(StatusCodes.Status503ServiceUnavailable, "The server has no memory left for this request."), SecondsForSearches),
        _ when StorageFault.Is(exception) => (
            HttpProblem.Of(StatusCodes.Status503ServiceUnavailable, "The storage cannot be reached or written; what it holds is not lost."),
            SecondsForStorage),
        _ => (HttpProblem.Of(StatusCodes.Status500InternalServerError, "The service failed on this request; its log says how."), null),
    };

    /// <summary>The problem of a request whose members are wrong.</summary>
    public static HttpProblem OfProfile(InvalidProfileException invalid) => HttpProblem.Of(
        invalid.Kind == ProfileErrorKind.Malformed ? StatusCodes.Status400BadRequest : StatusCodes.Status422UnprocessableEntity,
        DetailOf(invalid.Errors),
        invalid.Errors.GroupBy(error => error.Path).ToDictionary(member => member.Key, member => member.Select(error => error.Message).ToArray()));

    /// <summary>All that is wrong, for who reads no further; where it is much, the end of it is left to the list.</summary>
    private static string DetailOf(IReadOnlyList<ProfileError> errors)
    {
        var told = string.Join(" ", errors.Take(MostTold).Select(error => $"{error.Path}: {error.Message}"));
        var number = errors.Count == 1 ? "" : $"{errors.Count} members are wrong. ";
        return number + told + (errors.Count > MostTold ? $" And {errors.Count - MostTold} more, which errors lists." : "");
    }
}
