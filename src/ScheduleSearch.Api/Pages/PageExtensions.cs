using Microsoft.AspNetCore.DataProtection;
using MudBlazor.Services;
using ScheduleSearch.Api.Pages.Forms;

namespace ScheduleSearch.Api.Pages;

internal static class PageExtensions
{
    /// <summary>The pages for people.</summary>
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(options =>
        {
            // What a page shows is in its URL, so little is lost with a reader who has been away for long.
            options.DisconnectedCircuitMaxRetained = 20;
            options.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(3);
        });
        services.AddMudServices();
        services.AddScoped<Browser.Browser>();
        services.AddSingleton<RequestForm>();
        services.AddHostedService<PageWarmUp>();
        // A page belongs to the process that made it: nothing that is protected is read by another, or after a restart.
        services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        return services;
    }

    /// <summary>Serves the files that pages refer to, to everybody, and asked for anew with their tag each time: a newer version has the same names.</summary>
    public static WebApplication UsePageFiles(this WebApplication app)
    {
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache" });
        return app;
    }

    /// <summary>Serves the pages. They hold nothing of anybody: what they show they read from the API with the reader's key.</summary>
    public static WebApplication MapPages(this WebApplication app)
    {
        app.UseAntiforgery();
        app.MapRazorComponents<Document>().AddInteractiveServerRenderMode().AllowAnonymous();
        return app;
    }
}
