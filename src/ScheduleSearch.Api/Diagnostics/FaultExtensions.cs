using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Schedules;

namespace ScheduleSearch.Api.Diagnostics;

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

    /// <summary>Answers are compressed; bodies are limited before anything reads them; and the first client finds the service warm.</summary>
    public static IServiceCollection AddTransport(this IServiceCollection services)
    {
        services.AddHostedService<WarmUp>();
        services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, HttpProblem.MediaType, "image/svg+xml", "text/csv", "application/x-ndjson"];
        });
        services.AddOptions<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>().Configure<IOptions<LimitSettings>>((kestrel, limits) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = limits.Value.MaxBodyBytes;
        });
        return services;
    }

    /// <summary>Whatever GET answers, HEAD answers without the body: to the endpoints it is a GET, to the server it stays what it is.</summary>
    public static WebApplication UseHead(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            var request = context.Request;
            if (!HttpMethods.IsHead(request.Method)) return next(context);
            context.Response.OnStarting(() =>
            {
                request.Method = HttpMethods.Head;
                return Task.CompletedTask;
            });
            request.Method = HttpMethods.Get;
            return next(context);
        });
        app.UseRouting();
        return app;
    }

    private static string DetailOf(int status) => status switch
    {
        StatusCodes.Status404NotFound => "There is nothing at this path; /swagger lists what there is.",
        StatusCodes.Status405MethodNotAllowed => "The path takes other methods; the header Allow lists them.",
        StatusCodes.Status415UnsupportedMediaType => "Send the body as application/json in UTF-8.",
        _ => "The request cannot be answered.",
    };
}
