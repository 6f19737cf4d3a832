using Microsoft.Net.Http.Headers;

namespace ScheduleSearch.Api.Schedules.Documents;

/// <summary>Answers with an instruction stream, or with what goes with one, as a file of a name.</summary>
internal sealed class InstructionDocument(string mediaType, string file, PackedBytes bytes) : IResult
{
    private const string Gzip = "gzip";

    /// <summary>The media type of the stream.</summary>
    public string MediaType => mediaType;

    /// <summary>The stream.</summary>
    public PackedBytes Bytes => bytes;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = MediaType;
        response.Headers.ContentDisposition = $"inline; filename=\"{file}\"";
        if (!bytes.IsPacked || !TakesGzip(httpContext.Request)) return bytes.CopyToAsync(response.BodyWriter, skip: 0, httpContext.RequestAborted);
        response.Headers.ContentEncoding = Gzip;
        response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        return bytes.CopyPackedToAsync(response.BodyWriter, httpContext.RequestAborted);
    }

    private static bool TakesGzip(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(encoding => encoding.Value.Equals(Gzip, StringComparison.OrdinalIgnoreCase) && encoding.Quality is not 0);
}
