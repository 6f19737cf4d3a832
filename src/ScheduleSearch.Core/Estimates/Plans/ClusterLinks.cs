using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Requests;

namespace ScheduleSearch.Core.Estimates.Plans;

/// <summary>The links of a cluster, those that the request leaves out by the device's own numbers.</summary>
internal sealed class ClusterLinks
{
    private readonly double[,] _bandwidths;

    private readonly (double Inside, double Between) _latency;

    public ClusterLinks(Cluster cluster, DeviceModel device)
    {
        var nodes = cluster.Nodes;
        var between = cluster.LinkBetween?.Bandwidth;
        var inside = cluster.LinkInside?.Bandwidth ?? device.LinkBandwidth;
        _bandwidths = new double[nodes, nodes];
        _latency = (cluster.LinkInside?.Latency ?? 0, cluster.LinkBetween?.Latency ?? 0);
        var slowest = between?.Scalar is { } scalar ? (double)scalar : device.NetworkBandwidth;
        if (between is { IsScalar: false }) slowest = double.PositiveInfinity;
        for (var from = 0; from < nodes; from++)
        {
            for (var to = 0; to < nodes; to++)
            {
                _bandwidths[from, to] = from == to ? 0 : between is null ? device.NetworkBandwidth : (double)between[from, to];
                if (from != to) slowest = Math.Min(slowest, _bandwidths[from, to]);
            }
        }

        AreAlike = between is null or { IsScalar: true };
        Device = device with
        {
            LinkBandwidth = inside,
            DirectLinks = device.DirectLinks && cluster.LinkInside is null,
            NetworkBandwidth = double.IsPositiveInfinity(slowest) ? device.NetworkBandwidth : slowest,
            DevicesPerNode = cluster.DevicesPerNode,
        };
    }

    /// <summary>Whether all pairs of nodes have the same link, so that their order counts for nothing.</summary>
    public bool AreAlike { get; }

    /// <summary>The device with the cluster's links: of those between nodes the slowest.</summary>
    public DeviceModel Device { get; }

    /// <summary>GB a second from a device of one node to another device of the same node or of another.</summary>
    public double Bandwidth(int from, int to) => from == to ? Device.BandwidthToOne(2) : _bandwidths[from, to];

    /// <summary>GB a second from a device to all others of a group within a node.</summary>
    public double BandwidthInside(int group) => Device.BandwidthWithin(Math.Min(group, Device.DevicesPerNode));

    /// <summary>Milliseconds until the first byte arrives.</summary>
    public double Latency(int from, int to) => from == to ? _latency.Inside : _latency.Between;

    /// <summary>Milliseconds of a message.</summary>
    public double Message(int from, int to, double bytes) => Latency(from, to) + Milliseconds(bytes, Bandwidth(from, to));

    /// <summary>Milliseconds in which some bytes pass at a bandwidth in GB a second.</summary>
    public static double Milliseconds(double bytes, double bandwidth) => bytes / (bandwidth * 1e6);
}
