using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Commands;

/// <summary>The service for commands: configured as it is when it is started, its storage brought to the present schema, and nothing running.</summary>
internal sealed class CommandHost(WebApplicationBuilder builder)
{
    /// <summary>The service, for the caller to dispose of.</summary>
    public async Task<WebApplication> OpenAsync(CancellationToken cancellation)
    {
        var service = builder.Build();
        try
        {
            await service.Services.GetRequiredService<StorageStartup>().MigrateAsync(cancellation);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }
}
