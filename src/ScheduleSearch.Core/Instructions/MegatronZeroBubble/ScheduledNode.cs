namespace ScheduleSearch.Core.Instructions.MegatronZeroBubble;

/// <summary>
/// A node of the zero-bubble runtime, with the members of its <c>ScheduledNode</c>. There, a stage is a rank and a layer group is a stage.
/// </summary>
/// <param name="Type">Name of its <c>FuncType</c>.</param>
/// <param name="Stage">The rank.</param>
/// <param name="Microbatch">The microbatch.</param>
/// <param name="Chunk">Which of the rank's stages.</param>
/// <param name="LayerGroup">The stage; null for post-validation.</param>
/// <param name="Start">Start in ticks: of a transfer, when its result is there.</param>
/// <param name="Completion">End in ticks.</param>
internal readonly record struct ScheduledNode(string Type, int Stage, int Microbatch, int Chunk, int? LayerGroup, long Start, long Completion)
{
    /// <summary>The slice of the microbatch's sequence.</summary>
    public int Slice { get; init; }

    /// <summary>Of a forward: whether a node R recomputes its activation.</summary>
    public bool IsRestored { get; init; }

    /// <summary>Of an operation: the rank whose result it waits for; null when that is this rank or none.</summary>
    public int? ReceivePeer { get; init; }

    /// <summary>Of an operation: the rank that waits for its result; null when that is this rank or none.</summary>
    public int? SendPeer { get; init; }

    /// <summary>Of a transfer: NEXT or PREV, by which neighbour of the ring of ranks it goes.</summary>
    public string? Direction { get; init; }

    /// <summary>Of a transfer: the rank at its other end.</summary>
    public int? Peer { get; init; }

    /// <summary>Of a transfer: the number that both its ends share; below 0 for post-validation.</summary>
    public int? Pair { get; init; }

    /// <summary>Of the receipt of an activation that was sent before the sender's post-validation: it is received again when that fails.</summary>
    public bool Rollback { get; init; }

    /// <summary>Whether it may stand before a rank's post-validation: forwards of the first chunk and their transfers may.</summary>
    public bool IsBeforeValidation => Chunk == 0 && Type is ("F" or "SEND_FORWARD" or "RECV_FORWARD");
}
