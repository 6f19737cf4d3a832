namespace ScheduleSearch.Core.Families.Asynchronous;

/// <summary>What a stage of an asynchronous pipeline keeps, and how late its updates are.</summary>
/// <param name="Stage">The stage, on the device of the same number.</param>
/// <param name="WeightVersions">p - s: versions of its weights that are held at once, the newest included; as many as microbatches in flight.</param>
/// <param name="Delay">p - 1 - s: updates of its weights between the forward that read them and the update by that microbatch's gradient.</param>
/// <param name="WeightMemory">Memory units of all versions, at most; 0 where the profile gives no weights.</param>
/// <param name="ActivationMemory">Memory units of the activations in flight, at most.</param>
public readonly record struct AsynchronousStage(int Stage, int WeightVersions, int Delay, long WeightMemory, long ActivationMemory)
{
    /// <summary>Memory units of both.</summary>
    public long Memory => WeightMemory + ActivationMemory;
}
