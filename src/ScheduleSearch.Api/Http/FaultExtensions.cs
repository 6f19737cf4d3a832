namespace ScheduleSearch.Api.Http;

internal static class FaultExtensions
{
    /// <summary>Every error leaves as a problem.</summary>
    public static IServiceCollection AddFaults(this IServiceCollection services) =>
        services.AddExceptionHandler<ProblemExceptionHandler>();

    /// <summary>Turns exceptions, unknown paths and wrong verbs into problems.</summary>
    public static IApplicationBuilder UseFaults(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(_ => { });
        return app.UseStatusCodePages(page =>
        {
            var status = page.HttpContext.Response.StatusCode;
            return HttpProblem.Of(status, DetailOf(status)).WriteAsync(page.HttpContext, retryAfter: null);
        });
    }

    /// <summary>Documents the statuses that come with a problem.</summary>
    public static RouteHandlerBuilder ProducesFaults(this RouteHandlerBuilder builder, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses) builder.Produces<HttpProblem>(status, HttpProblem.MediaType);
        return builder;
    }

    private static string DetailOf(int status) => status switch
    {
        StatusCodes.Status404NotFound => "There is nothing at this path; /swagger lists what there is.",
        StatusCodes.Status405MethodNotAllowed => "The path takes other methods; the header Allow lists them.",
        StatusCodes.Status415UnsupportedMediaType => "Send the body as application/json in UTF-8.",
        _ => "The request cannot be answered.",
    };
}
