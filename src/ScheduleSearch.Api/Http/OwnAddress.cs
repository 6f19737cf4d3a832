using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ScheduleSearch.Api.Http;

/// <summary>Where this process reaches its own service.</summary>
internal static class OwnAddress
{
    /// <summary>The address by plain HTTP once the server listens; null when it takes none.</summary>
    public static Uri? Of(IServer server)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses.Select(BindingAddress.Parse) ?? [];
        var plain = addresses.FirstOrDefault(address => address is { Scheme: "http", IsUnixPipe: false, IsNamedPipe: false });
        return plain is null ? null : new UriBuilder("http", plain.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "127.0.0.1" : plain.Host, plain.Port).Uri;
    }
}
