using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Limits;

namespace ScheduleSearch.Api.Http;

internal static class TransportExtensions
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Answers are compressed, and bodies are limited before anything reads them.</summary>
    public static IServiceCollection AddTransport(this IServiceCollection services)
    {
        services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, HttpProblem.MediaType, "image/svg+xml", "text/csv", "application/x-ndjson"];
        });
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<LimitSettings>>((kestrel, limits) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = limits.Value.MaxBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = limits.Value.MaxConnections;
            kestrel.Limits.MaxRequestHeadersTotalSize = limits.Value.MaxHeaderBytes;
            kestrel.Limits.MaxRequestHeaderCount = limits.Value.MaxHeaders;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(limits.Value.MaxHeaderSeconds);
            kestrel.Limits.MinResponseDataRate = new MinDataRate(limits.Value.MinResponseBytesPerSecond, Grace);
        });
        services.AddSingleton<BodyRoom>();
        return services.AddHostNames();
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
}
