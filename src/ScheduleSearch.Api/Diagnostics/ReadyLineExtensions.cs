using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ScheduleSearch.Api.Diagnostics;

internal static class ReadyLineExtensions
{
    private const string Json = "json";

    private static readonly Action<ILogger, string, Exception?> Ready =
        LoggerMessage.Define<string>(LogLevel.Information, default, "ScheduleSearch is ready: {What}");

    /// <summary>One line on the console says that the service is ready, and where.</summary>
    /// <param name="app">The service.</param>
    /// <param name="what">What is there, of an address.</param>
    public static WebApplication UseReadyLine(this WebApplication app, Func<string, string> what)
    {
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses;
            if (addresses?.FirstOrDefault() is not { } address) return;
            // Whoever reads lines of JSON reads no other.
            if (app.Configuration["Logging:Console:FormatterName"] == Json) Ready(app.Logger, what(address), null);
            else Console.WriteLine($"ScheduleSearch is ready: {what(address)}");
        });
        return app;
    }
}
