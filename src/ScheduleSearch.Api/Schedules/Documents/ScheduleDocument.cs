using ScheduleSearch.Api.Schedules.Answers;

namespace ScheduleSearch.Api.Schedules.Documents;

/// <summary>Answers with the state and result of what is stored: the members of <see cref="ScheduleAnswer"/>.</summary>
internal sealed class ScheduleDocument(ScheduleView view, string state, bool cached, int statusCode = StatusCodes.Status200OK) : IResult
{
    /// <summary>What is said of the request that is answered; null for nothing.</summary>
    public RequestNotes? Notes { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = statusCode;
        response.ContentType = "application/json; charset=utf-8";
        await ScheduleJson.WriteAsync(response.BodyWriter, view, state, cached, index: null, Notes, httpContext.RequestAborted);
        await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }
}
