namespace ScheduleSearch.Core.Features.Layers.Replicas;

/// <summary>A stage and its replicas, which share the microbatches. Times are those of an iteration, in the profile's unit.</summary>
/// <param name="First">Its first layer, from 0, equal layers counted each.</param>
/// <param name="Count">How many layers it has, 1 at least.</param>
/// <param name="Replicas">How many devices it stands on, 1 at least.</param>
/// <param name="Work">What the replica of the most microbatches has to do.</param>
/// <param name="Sum">What summing up the gradients of its weights over the replicas takes; 0 for one.</param>
/// <param name="Messages">What its outputs and their gradients take on the link to the next stage; 0 for the last.</param>
/// <param name="Memory">What a replica holds of weights and of the microbatches that it has in flight, in the profile's unit.</param>
/// <param name="Time">The longest of work, sum and messages, which the steady state takes where the others hide behind it.</param>
public sealed record ReplicatedStage(int First, int Count, int Replicas, decimal Work, decimal Sum, decimal Messages, decimal Memory, decimal Time);
