namespace ScheduleSearch.Core.Operations;

/// <summary>What an operation does. Everything that depends on the kind alone stands in <see cref="OperationKinds"/>.</summary>
public enum OperationKind
{
    /// <summary>Forward of a stage on a microbatch.</summary>
    Forward,

    /// <summary>Gradient by the stage's input: what the previous stage waits for.</summary>
    BackwardInput,

    /// <summary>Gradient by the stage's weights: nothing else waits for it.</summary>
    BackwardWeight,

    /// <summary>Both gradients in one operation; the previous stage waits for its end.</summary>
    Backward,

    /// <summary>The forward once more, from what was kept of its activation, for the backward that follows.</summary>
    Recompute,

    /// <summary>
    /// A forward that overlaps with the <see cref="OverlappedBackward"/> that stands next on its device: both start when both could, and both end
    /// when the pair does.
    /// </summary>
    OverlappedForward,

    /// <summary>The fused backward that overlaps with the forward before it; as a step of its own it takes no time.</summary>
    OverlappedBackward,

    /// <summary>Carries the output of a stage to the device of the next one.</summary>
    Send,

    /// <summary>Carries the gradient of a stage's input to the device of the stage before.</summary>
    SendGradient,

    /// <summary>A device's share of the input embedding, whose gradient counts with it.</summary>
    VocabularyInput,

    /// <summary>A device's pass over its shard of the output layer before the (first) barrier: the logits, and with one barrier the input gradient.</summary>
    VocabularyForward,

    /// <summary>A device's pass over its shard of the output layer after the (first) barrier: the gradients that are not computed before it.</summary>
    VocabularyBackward,

    /// <summary>The optimizer's step of a stage, after the last of its gradients.</summary>
    OptimizerStep,

    /// <summary>Word of the last step that comes to a device.</summary>
    PostValidation,

    /// <summary>A piece of work of no microbatch, which a device does when nothing else is to be done.</summary>
    Fill,
}
