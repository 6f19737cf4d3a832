using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Layers.Replicas;

/// <summary>What is asked about stages that stand on several devices each.</summary>
public sealed record ReplicaRequest
{
    /// <summary>
    /// A profile of layers: its <c>pipeline.devices</c> are all devices that the replicas of all stages have, each of one stage, and its limit of memory that
    /// of each device. Of what a profile may have beside layers it takes none.
    /// </summary>
    public required Profile Profile { get; init; }

    /// <summary>
    /// Size of the gradients of the weights of one layer, which its replicas sum up once an iteration: one number for each item of <c>profile.layers</c>, in
    /// the unit that <c>times.communication.bandwidth</c> counts in. Default 0.
    /// </summary>
    /// <example>[2000, 400, 2000]</example>
    public ImmutableArray<decimal>? Gradients { get; init; }
}
