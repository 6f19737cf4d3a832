namespace ScheduleSearch.Core.Estimates.Requests;

/// <summary>The nodes that a model is trained on, all of as many devices of one kind.</summary>
public sealed record Cluster
{
    /// <summary>Nodes, from 1 to 128.</summary>
    /// <example>8</example>
    public required int Nodes { get; init; }

    /// <summary>Devices of each node, from 1 to 64.</summary>
    /// <example>8</example>
    public required int DevicesPerNode { get; init; }

    /// <summary>From a device to the others of its node; left out, the device's <c>linkBandwidth</c> without latency.</summary>
    public Link? LinkInside { get; init; }

    /// <summary>From a device to those of other nodes; left out, the device's <c>networkBandwidth</c> without latency.</summary>
    public NodeLinks? LinkBetween { get; init; }

    /// <summary>All devices.</summary>
    internal int Devices => Nodes * DevicesPerNode;
}
