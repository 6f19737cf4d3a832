namespace ScheduleSearch.Core.Estimates.Devices;

/// <summary>What an estimate knows of an accelerator and its links.</summary>
public sealed record DeviceModel
{
    /// <summary>Its name.</summary>
    /// <example>H100</example>
    public required string Name { get; init; }

    /// <summary>Where the numbers come from.</summary>
    public string? Source { get; init; }

    /// <summary>Floating-point operations in a second at most, without sparsity, by the numbers of the products.</summary>
    public required IReadOnlyDictionary<string, double> FlopsPerSecond { get; init; }

    /// <summary>Memory in GiB.</summary>
    public required double Memory { get; init; }

    /// <summary>Bandwidth of the memory in GB (10^9 bytes) a second.</summary>
    public required double MemoryBandwidth { get; init; }

    /// <summary>Bandwidth of a device to all others of its node together, one way, in GB a second.</summary>
    public required double LinkBandwidth { get; init; }

    /// <summary>
    /// Whether each two devices of a node have a link of their own, an equal part of <c>linkBandwidth</c>, so that fewer devices than a node has use fewer of
    /// them; else a switch gives any two all of it.
    /// </summary>
    public bool DirectLinks { get; init; }

    /// <summary>Bandwidth of a device to those of other nodes, one way, in GB a second.</summary>
    public required double NetworkBandwidth { get; init; }

    /// <summary>Devices of a node.</summary>
    public required int DevicesPerNode { get; init; }

    /// <summary>Share of <c>flopsPerSecond</c> that large products reach, above 0 and at most 1.</summary>
    public required double Efficiency { get; init; }

    /// <summary>Share of <c>memoryBandwidth</c> that kernels bound by it reach, above 0 and at most 1.</summary>
    public required double MemoryEfficiency { get; init; }

    /// <summary>Floating-point operations in a second with some numbers; null when it has none.</summary>
    public double? FlopsWith(NumberType type) => FlopsPerSecond.TryGetValue(Words.Of(type), out var flops) ? flops : null;

    /// <summary>Bandwidth of a device to the others of a group, which stand side by side: within a node, or over the network.</summary>
    internal double BandwidthWithin(int group)
    {
        if (group > DevicesPerNode) return NetworkBandwidth;
        return DirectLinks && group > 1 ? LinkBandwidth * (group - 1) / (DevicesPerNode - 1) : LinkBandwidth;
    }

    /// <summary>Bandwidth of a device to one other of a group, which stand side by side: within a node, or over the network.</summary>
    internal double BandwidthToOne(int group) => group > DevicesPerNode ? NetworkBandwidth : BandwidthWithin(Math.Min(group, 2));
}
