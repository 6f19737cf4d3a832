using System.Text.Json;
using Shouldly;

namespace ScheduleSearch.Tests.Shared;

/// <summary>
/// DeepSpeed's pipe engine without its arithmetic, written from runtime/pipe/engine.py alone: a rank has slots for inputs and outputs, ONE tensor that whatever
/// it receives lies in (an activation is copied out of it, a gradient is not), and one loss. What is computed says from what, so a result that was made of
/// another microbatch's values is seen. Sends and receives block until both sides are there.
/// </summary>
internal sealed class DeepSpeedEngine
{
    private readonly Rank[] _ranks;
    private readonly List<(int Stage, int Microbatch)> _backwards = [];

    private DeepSpeedEngine(JsonElement stream) =>
        _ranks = [.. stream.GetProperty("stages").EnumerateArray().Select(stage => new Rank(stage))];

    /// <summary>Runs a stream of the format deepspeed.</summary>
    /// <returns>The backwards that were carried out, each with its own microbatch's values.</returns>
    public static IReadOnlyList<(int Stage, int Microbatch)> Run(JsonElement stream)
    {
        var engine = new DeepSpeedEngine(stream);
        while (engine._ranks.Index().Any(rank => engine.Step(rank.Index)))
        {
        }

        foreach (var (index, rank) in engine._ranks.Index()) rank.Left.ShouldBeEmpty($"rank {index} hangs");
        return engine._backwards;
    }

    private bool Step(int index)
    {
        var rank = _ranks[index];
        if (!rank.Left.TryPeek(out var next)) return false;
        var (name, slot) = next;
        switch (name)
        {
            case "SendActivation" or "SendGrad":
                return Send(index, name == "SendActivation" ? index + 1 : index - 1, name, slot);
            case "RecvActivation" or "RecvGrad":
                return false;
            case "LoadMicroBatch":
                // The first stage takes samples, the last one labels; a pipeline of one stage both from one sample.
                if (index == 0) rank.Inputs[slot] = new Value("sample", -1, rank.Loaded);
                if (index == _ranks.Length - 1) rank.Labels[slot] = rank.Loaded;
                rank.Loaded++;
                break;
            case "ForwardPass":
                Forward(index, rank, slot);
                break;
            case "BackwardPass":
                Backward(index, rank, slot);
                break;
        }

        rank.Left.Dequeue();
        return true;
    }

    private void Forward(int index, Rank rank, int slot)
    {
        var input = rank.Inputs[slot].ShouldNotBeNull();
        input.ShouldBe(index == 0 ? new Value("sample", -1, input.Microbatch) : new Value("activation", index - 1, input.Microbatch));
        rank.Outputs[slot] = new Value("activation", index, input.Microbatch);
        if (index < _ranks.Length - 1) return;
        rank.Labels[slot].ShouldBe(input.Microbatch, "the labels are those of the sample");
        rank.Loss = new Value("loss", index, input.Microbatch);
    }

    private void Backward(int index, Rank rank, int slot)
    {
        var microbatch = rank.Inputs[slot].ShouldNotBeNull().Microbatch;
        if (index == _ranks.Length - 1)
        {
            rank.Loss.ShouldBe(new Value("loss", index, microbatch), "the one loss is that of this microbatch, and its graph is still there");
            rank.Loss = null;
        }
        else
        {
            rank.Received.ShouldBe(new Value("gradient", index + 1, microbatch), $"stage {index} reads its gradient where it was received");
            rank.Outputs[slot].ShouldBe(new Value("activation", index, microbatch));
        }

        rank.Outputs[slot] = null;
        rank.Gradients[slot] = new Value("gradient", index, microbatch);
        _backwards.Add((index, microbatch));
    }

    private bool Send(int from, int to, string name, int slot)
    {
        var (rank, peer) = (_ranks[from], _ranks[to]);
        var isActivation = name == "SendActivation";
        if (!peer.Left.TryPeek(out var other) || other.Name != (isActivation ? "RecvActivation" : "RecvGrad")) return false;
        var value = (isActivation ? rank.Outputs : rank.Gradients)[slot].ShouldNotBeNull();
        peer.Received = value;
        if (isActivation) peer.Inputs[other.Slot] = value;
        else (rank.Inputs[slot], rank.Gradients[slot]) = (null, null);
        rank.Left.Dequeue();
        peer.Left.Dequeue();
        return true;
    }

    private sealed record Value(string Kind, int Stage, int Microbatch);

    private sealed class Rank
    {
        public Rank(JsonElement stage)
        {
            var slots = stage.GetProperty("num_pipe_buffers").GetInt32();
            (Inputs, Outputs, Gradients, Labels) = (new Value?[slots], new Value?[slots], new Value?[slots], new int[slots]);
            foreach (var instruction in stage.GetProperty("steps").EnumerateArray().SelectMany(step => step.EnumerateArray()))
                Left.Enqueue((instruction.GetProperty("name").GetString()!, instruction.TryGetProperty("buffer_id", out var slot) ? slot.GetInt32() : -1));
        }

        public Queue<(string Name, int Slot)> Left { get; } = new();

        public Value?[] Inputs { get; }

        public Value?[] Outputs { get; }

        public Value?[] Gradients { get; }

        public int[] Labels { get; }

        public Value? Received { get; set; }

        public Value? Loss { get; set; }

        public int Loaded { get; set; }
    }
}
