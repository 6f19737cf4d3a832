using System.Buffers;
using System.Text.Json;
using FsCheck.Xunit;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Schedules;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

public class NativeFormatTests
{
    [Fact]
    public void It_states_the_problem_the_placement_and_the_metrics()
    {
        var timeline = Worked.Of("zb-v", "v", chunks: 2);
        var json = Written(timeline);

        json.GetProperty("format").GetString().ShouldBe("native");
        json.GetProperty("id").GetString().ShouldBe(timeline.Schedule.Problem.Id);
        json.GetProperty("timeUnit").GetString().ShouldBe("ms");
        json.GetProperty("objective").GetString().ShouldBe("makespan");
        json.GetProperty("makespan").GetDecimal().ShouldBe(51);
        json.GetProperty("placement").GetProperty("name").GetString().ShouldBe("v");
        json.GetProperty("placement").GetProperty("ranksOfStages").GetRawText().ShouldBe("[[0,1,2,3,3,2,1,0]]");
        json.GetProperty("peakMemory").EnumerateArray().Select(peak => peak.GetInt32()).ShouldBe([8, 8, 8, 8]);
        json.GetProperty("ranks").GetArrayLength().ShouldBe(4);
    }

    [Fact]
    public void Operations_carry_their_times_and_transfers_their_peers()
    {
        var rank = Written(Worked.Of("1f1b")).GetProperty("ranks")[3];
        rank.GetProperty("rank").GetInt32().ShouldBe(3);
        var instructions = rank.GetProperty("instructions").EnumerateArray().Select(instruction => instruction.GetRawText()).ToList();

        instructions[0].ShouldBe("""{"op":"receive","peer":2,"what":"activation","stage":2,"microbatch":0}""");
        instructions[1].ShouldBe("""{"op":"forward","stage":3,"microbatch":0,"start":3,"end":4}""");
        instructions[2].ShouldBe("""{"op":"receive","peer":2,"what":"activation","stage":2,"microbatch":1}""");
        instructions[3].ShouldBe("""{"op":"backward","stage":3,"microbatch":0,"start":4,"end":6}""");
        instructions[^1].ShouldBe("""{"op":"send","peer":2,"what":"gradient","stage":3,"microbatch":7}""");
    }

    [Fact]
    public void One_rank_can_be_asked_for_alone()
    {
        var timeline = Worked.Of("zb-h1");
        var ranks = Written(timeline, rank: 2).GetProperty("ranks");
        ranks.GetArrayLength().ShouldBe(1);
        ranks[0].GetRawText().ShouldBe(Written(timeline).GetProperty("ranks")[2].GetRawText());
    }

    [Property(MaxTest = 100)]
    public void What_is_written_reads_back_as_the_streams(Seed seed)
    {
        var timeline = RandomSchedules.Draw(seed);
        var read = Written(timeline).GetProperty("ranks").EnumerateArray()
            .Select(rank => new RankInstructions(rank.GetProperty("rank").GetInt32(), [.. rank.GetProperty("instructions").EnumerateArray().Select(Read)]))
            .ToList();
        RendezvousCheck.FirstViolation(timeline.Graph, read).ShouldBeNull();
    }

    private Instruction Read(JsonElement json)
    {
        var (name, stage, microbatch) = (json.GetProperty("op").GetString()!, json.GetProperty("stage").GetInt32(), json.GetProperty("microbatch").GetInt32());
        if (OperationNames.TryParse(name, out var kind)) return Instruction.Compute(new Operation(kind, 0, stage, microbatch));
        var result = json.GetProperty("what").GetString() == "activation" ? Operation.Forward(stage, microbatch) : GradientOf(stage, microbatch);
        var peer = json.GetProperty("peer").GetInt32();
        return name == "send" ? Instruction.Send(result, peer) : Instruction.Receive(result, peer);
    }

    private OperationGraph? _graph;

    private Operation GradientOf(int stage, int microbatch) =>
        _graph!.IndexOf(Operation.Backward(stage, microbatch)) >= 0 ? Operation.Backward(stage, microbatch) : Operation.BackwardInput(stage, microbatch);

    private JsonElement Written(Timeline timeline, int? rank = null)
    {
        _graph = timeline.Graph;
        var output = new ArrayBufferWriter<byte>();
        InstructionFormatCatalogue.Find("native")!.Write(timeline, rank, output);
        return JsonDocument.Parse(output.WrittenMemory).RootElement;
    }
}
