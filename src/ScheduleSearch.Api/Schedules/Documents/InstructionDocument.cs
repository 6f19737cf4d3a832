namespace ScheduleSearch.Api.Schedules.Documents;

/// <summary>Answers with an instruction stream, or with what goes with one, as a file of a name.</summary>
internal sealed class InstructionDocument(string mediaType, string file, Segments bytes) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = mediaType;
        httpContext.Response.Headers.ContentDisposition = $"inline; filename=\"{file}\"";
        return bytes.CopyToAsync(httpContext.Response.BodyWriter, skip: 0, httpContext.RequestAborted);
    }
}
