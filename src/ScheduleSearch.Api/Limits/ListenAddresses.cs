using System.Net;

namespace ScheduleSearch.Api.Limits;

/// <summary>Tells from the configuration whether the service would be reached from other machines, as Kestrel reads it.</summary>
internal static class ListenAddresses
{
    private const string Endpoints = "Kestrel:Endpoints";
    private static readonly string[] Ports = ["http_ports", "https_ports"];

    /// <summary>The first stated address that other machines reach; null when there is none.</summary>
    public static string? BeyondLoopback(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection(Endpoints).GetChildren().Select(endpoint => endpoint["Url"] ?? "").ToList();
        var urls = Of(configuration, WebHostDefaults.ServerUrlsKey);
        var preferUrls = configuration.GetValue<bool>(WebHostDefaults.PreferHostingUrlsKey);
        if (endpoints.Count > 0 && !(preferUrls && urls.Length > 0)) return endpoints.Find(IsBeyondLoopback);
        if (urls.Length > 0) return Array.Find(urls, IsBeyondLoopback);
        // A port without a host is one of every address.
        return Ports.SelectMany(name => Of(configuration, name).Select(port => $"{name} {port}")).FirstOrDefault();
    }

    private static string[] Of(IConfiguration configuration, string name) =>
        (configuration[name] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool IsBeyondLoopback(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            // The server refuses it in its own words.
            return false;
        }

        if (address.IsUnixPipe || address.IsNamedPipe || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)) return false;
        // A host that is no address, a name as well as + and *, stands for every address.
        return !IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) || !IPAddress.IsLoopback(ip);
    }
}
