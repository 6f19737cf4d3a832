using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Estimates.Plans;

/// <summary>What a plan's pipelines compute and send.</summary>
/// <param name="Stages">The profile of stages of each pipeline, times in ms, whatever it says of communication.</param>
/// <param name="Pipelines">How many there are side by side: replicas, times the devices that share each sequence.</param>
/// <param name="MessageBytes">Bytes of what a stage hands to the next of a microbatch, on one device.</param>
/// <param name="SumBytes">
/// For each rank bytes of a device that go around when the pipelines add up their gradients; half of what is scattered and of what is gathered where each keeps
/// a share alone.
/// </param>
public sealed record PlannedWork(Profile Stages, int Pipelines, double MessageBytes, ImmutableArray<double> SumBytes)
{
    /// <summary>The layers that the stages are made of, where their split is searched; null where it is what it is.</summary>
    public PlannedLayers? Layers { get; init; }
}
