using Microsoft.AspNetCore.Diagnostics;

namespace ScheduleSearch.Api.Http;

/// <summary>
/// What holds for every answer, those of the framework's own filters included, which stand before the service's: browsers take it for what it says it
/// is, so that a name or a message within it never becomes a page; and one that is a status alone becomes a problem.
/// </summary>
internal sealed class FirstAnswers : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, following) =>
        {
            // Whoever answers a fault clears the headers first.
            context.Response.OnStarting(() =>
            {
                context.Response.Headers.XContentTypeOptions = "nosniff";
                return Task.CompletedTask;
            });
            return following(context);
        });
        app.UseStatusCodePages(AnswerAsync);
        next(app);
    };

    private static Task AnswerAsync(StatusCodeContext page)
    {
        var response = page.HttpContext.Response;
        // Whatever GET answers, HEAD answers too.
        if (response.Headers.Allow.ToString() is var allowed && allowed.Split(", ").Contains(HttpMethods.Get)) response.Headers.Allow = $"{allowed}, HEAD";
        return HttpProblem.Of(response.StatusCode, DetailOf(response.StatusCode)).WriteAsync(page.HttpContext, retryAfter: null);
    }

    private static string DetailOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "The header Host names no host that this server answers for; AllowedHosts in its configuration lists them.",
        StatusCodes.Status404NotFound => "There is nothing at this path; /swagger lists what there is.",
        StatusCodes.Status405MethodNotAllowed => "The path takes other methods; the header Allow lists them.",
        StatusCodes.Status415UnsupportedMediaType => "Send the body as application/json in UTF-8.",
        _ => "The request cannot be answered.",
    };
}
