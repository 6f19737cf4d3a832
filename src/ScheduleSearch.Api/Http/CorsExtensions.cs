using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ScheduleSearch.Api.Http;

internal static class CorsExtensions
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Delete];

    private static readonly string[] Readable =
    [
        HeaderNames.ContentLocation, HeaderNames.ETag, HeaderNames.Link, HeaderNames.Location, HeaderNames.RetryAfter,
        AnswerHeaders.PreferenceApplied, AnswerHeaders.Revision,
    ];

    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    /// <summary>Lets pages of the origins in the settings call the service from a browser; keys are sent by the page itself, never by the browser.</summary>
    public static IServiceCollection AddOrigins(this IServiceCollection services)
    {
        services.AddOptions<CorsSettings>().BindConfiguration("Cors").ValidateDataAnnotations().ValidateOnStart();
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<CorsSettings>>((cors, settings) => cors.AddDefaultPolicy(policy => policy
            .WithOrigins(settings.Value.Origins).WithMethods(Methods).AllowAnyHeader().WithExposedHeaders(Readable).SetPreflightMaxAge(Remembered)));
        return services;
    }

    /// <summary>Answers browsers that ask on behalf of such pages, where the settings name any.</summary>
    public static WebApplication UseOrigins(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<CorsSettings>>().Value.Origins.Length > 0) app.UseCors();
        return app;
    }
}
