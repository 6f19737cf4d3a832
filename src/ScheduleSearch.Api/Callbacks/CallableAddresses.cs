using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace ScheduleSearch.Api.Callbacks;

/// <summary>
/// Opens the connections of callbacks. A name may stand for any address, so that an allowed host could be a door into the network around the service: only
/// public addresses are called, and those of the networks that the settings name. The connection goes to the address that was judged; the name is not
/// looked up again.
/// </summary>
internal sealed class CallableAddresses(IOptions<CallbackSettings> settings)
{
    /// <summary>What IANA's registries of special-purpose addresses set aside.</summary>
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            // Documentation and what carries an IPv4 address within: 6to4, Teredo, benchmarks.
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    /// <summary>The part of IPv6 in which public addresses are given out.</summary>
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    private readonly IPNetwork[] _allowed = [.. settings.Value.PrivateNetworks.Select(network => IPNetwork.Parse(network))];

    /// <summary>Whether an address may be called.</summary>
    public bool Admits(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (_allowed.Any(network => network.Contains(plain))) return true;
        return (plain.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(plain)) && !NotPublic.Any(network => network.Contains(plain));
    }

    /// <summary>Connects to an address of a host that may be called.</summary>
    /// <exception cref="HttpRequestException">The host has none.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = (await Dns.GetHostAddressesAsync(host, cancellation)).Where(Admits).ToArray();
        if (addresses.Length == 0)
            throw new HttpRequestException("The host has no public address, nor one of the networks in the setting Callbacks:PrivateNetworks.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
