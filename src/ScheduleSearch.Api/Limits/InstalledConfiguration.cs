using Microsoft.Extensions.Configuration.Json;

namespace ScheduleSearch.Api.Limits;

internal static class InstalledConfiguration
{
    private const string File = "appsettings.json";

    /// <summary>What stands beside the executable holds wherever the service is started from, below all that is said otherwise.</summary>
    public static ConfigurationManager AddInstalled(this ConfigurationManager configuration)
    {
        var installed = new JsonConfigurationSource { Path = Path.Combine(AppContext.BaseDirectory, File), Optional = true };
        installed.ResolveFileProvider();
        ((IConfigurationBuilder)configuration).Sources.Insert(0, installed);
        return configuration;
    }
}
