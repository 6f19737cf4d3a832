using System.Text.Json;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Instructions.MegatronZeroBubble;

/// <summary>Writes nodes with every member of the runtime's <c>ScheduledNode</c>, in its order and by its names.</summary>
internal sealed class NodeWriter(Utf8JsonWriter json, DecimalScale scale)
{
    private static readonly JsonEncodedText
        Type = JsonEncodedText.Encode("type"), Stage = JsonEncodedText.Encode("stage"), Microbatch = JsonEncodedText.Encode("microbatch"),
        Chunk = JsonEncodedText.Encode("chunk"), Split = JsonEncodedText.Encode("seq_split_idx"), Group = JsonEncodedText.Encode("layer_group_idx"),
        Start = JsonEncodedText.Encode("start_time"), Completion = JsonEncodedText.Encode("completion_time"),
        ReceivePeer = JsonEncodedText.Encode("recv_peer_stage"), SendPeer = JsonEncodedText.Encode("send_peer_stage"),
        Direction = JsonEncodedText.Encode("comm_direction"), Peer = JsonEncodedText.Encode("comm_peer_stage"), Pair = JsonEncodedText.Encode("comm_pair_id"),
        Rollback = JsonEncodedText.Encode("rollback"), Restore = JsonEncodedText.Encode("need_recompute"), Offload = JsonEncodedText.Encode("should_offload");

    public void Write(in ScheduledNode node)
    {
        json.WriteStartObject();
        json.WriteString(Type, node.Type);
        json.WriteNumber(Stage, node.Stage);
        json.WriteNumber(Microbatch, node.Microbatch);
        json.WriteNumber(Chunk, node.Chunk);
        json.WriteNumber(Split, node.Slice);
        WriteNumberOrNull(Group, node.LayerGroup);
        json.WriteNumber(Start, scale.FromTicks(node.Start));
        json.WriteNumber(Completion, scale.FromTicks(node.Completion));
        WriteNumberOrNull(ReceivePeer, node.ReceivePeer);
        WriteNumberOrNull(SendPeer, node.SendPeer);
        json.WriteString(Direction, node.Direction);
        WriteNumberOrNull(Peer, node.Peer);
        WriteNumberOrNull(Pair, node.Pair);
        json.WriteBoolean(Rollback, node.Rollback);
        json.WriteBoolean(Restore, node.IsRestored);
        // No operation offloads an activation.
        json.WriteBoolean(Offload, false);
        json.WriteEndObject();
    }

    private void WriteNumberOrNull(JsonEncodedText name, int? number)
    {
        if (number is { } value) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }
}
