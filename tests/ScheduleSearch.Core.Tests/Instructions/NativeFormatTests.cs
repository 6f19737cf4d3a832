using System.Buffers;
using System.Text.Json;
using FsCheck.Xunit;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Features.Vocabulary;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
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
        instructions[1].ShouldBe("""{"op":"forward","stage":3,"microbatch":0,"start":3,"end":4,"slack":0,"priority":30}""");
        instructions[2].ShouldBe("""{"op":"receive","peer":2,"what":"activation","stage":2,"microbatch":1}""");
        instructions[3].ShouldBe("""{"op":"backward","stage":3,"microbatch":0,"start":4,"end":6,"slack":0,"priority":29}""");
        instructions[^1].ShouldBe("""{"op":"send","peer":2,"what":"gradient","stage":3,"microbatch":7}""");
    }

    [Fact]
    public void What_is_not_critical_says_how_late_it_may_be_and_priorities_fall_along_a_rank()
    {
        var timeline = Worked.Of("zb-h1");
        var makespan = ScheduleMetrics.Of(timeline).Makespan;
        foreach (var rank in Written(timeline).GetProperty("ranks").EnumerateArray())
        {
            var operations = rank.GetProperty("instructions").EnumerateArray().Where(instruction => instruction.TryGetProperty("start", out _)).ToList();
            operations.Select(operation => operation.GetProperty("priority").GetDecimal()).ShouldBeInOrder(SortDirection.Descending);
            foreach (var operation in operations)
            {
                var (start, slack) = (operation.GetProperty("start").GetDecimal(), operation.GetProperty("slack").GetDecimal());
                (start + slack + operation.GetProperty("priority").GetDecimal()).ShouldBe(makespan);
            }
        }
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
        CheckReadsBack(RandomSchedules.Draw(seed));
        CheckReadsBack(FeaturedSchedules.Draw(seed));
    }

    [Theory]
    [InlineData("vocab-1f1b", "linear", 1)]
    [InlineData("vocab-v-half", "v", 2)]
    public void What_passes_over_shards_exchange_is_told_from_what_stages_do(string family, string placement, int chunks)
    {
        var layer = new VocabularyLayer { Size = 100, Parallel = VocabularyParallel.TwoBarriers, Forward = 1, Backward = 1, Input = 1 };
        var profile = Shape.Profile(devices: 4, microbatches: 8, chunks, placement) with { Vocabulary = layer };
        var timeline = Worked.Of(family, Problem.Create(profile));
        CheckReadsBack(timeline);
        for (var rank = 0; rank < 4; rank++)
        {
            var transfers = InstructionsOf(timeline, rank).Where(instruction => instruction.Contains("\"peer\"", StringComparison.Ordinal)).ToList();
            transfers.ShouldBeUnique();
            foreach (var pass in new[] { "vocabularyInput", "vocabularyForward", "vocabularyBackward" })
                transfers.ShouldContain(transfer => transfer.Contains($"\"what\":\"{pass}\"", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_pair_is_one_instruction_and_names_both_of_its_operations()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 4, placement: "bidirectional") with { Overlap = new() { Duration = 2.5m } };
        var instructions = InstructionsOf(Worked.Of("dualpipe", Problem.Create(profile)), rank: 0);
        instructions.ShouldContain(
            """{"op":"overlapped","forward":{"pipe":1,"stage":1,"microbatch":3},"backward":{"pipe":0,"stage":0,"microbatch":0},"start":5,"end":"""
            + """7.5,"slack":0,"priority":6.5}""");
        instructions.ShouldNotContain(instruction => instruction.Contains("overlappedForward", StringComparison.Ordinal));
    }

    [Fact]
    public void The_gradients_of_a_stage_are_summed_on_both_its_ranks_behind_the_last_of_them()
    {
        var profile = Shape.Profile(devices: 3, microbatches: 2, placement: "bidirectional");
        var problem = Problem.Create(profile, splitBackward: false);
        var timeline = Replay.Run(RandomOrders.Next(OperationGraph.Build(problem), new Random(1)));
        InstructionsOf(timeline, rank: 0).ShouldContain("""{"op":"allReduce","stage":0,"ranks":[0,2]}""");
        InstructionsOf(timeline, rank: 0).ShouldContain("""{"op":"allReduce","stage":2,"ranks":[2,0]}""");
        InstructionsOf(timeline, rank: 2).ShouldContain("""{"op":"allReduce","stage":0,"ranks":[0,2]}""");
        // The middle one holds both replicas of its stage.
        InstructionsOf(timeline, rank: 1)[^1].ShouldBe("""{"op":"allReduce","stage":1,"ranks":[1,1]}""");
        InstructionsOf(timeline, rank: 1).ShouldContain(instruction => instruction.StartsWith(
            """{"op":"send","peer":2,"what":"activation","pipe":0,"stage":1,"microbatch":0}""", StringComparison.Ordinal));
    }

    [Fact]
    public void Slices_are_named_everywhere_and_their_lengths_are_told_where_they_are_known()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 1) with { Slices = new() { Count = 2, Sequence = 6, Hidden = 1, Cut = SequenceCut.EqualFlops } };
        var timeline = Worked.Of("seq1f1b", Problem.Create(profile));
        var json = Written(timeline);
        json.GetProperty("slices").GetInt32().ShouldBe(2);
        json.GetProperty("sliceLengths").EnumerateArray().Sum(length => length.GetInt32()).ShouldBe(6);
        InstructionsOf(timeline, rank: 1)[0].ShouldBe("""{"op":"receive","peer":0,"what":"activation","stage":0,"microbatch":0,"slice":0}""");
        InstructionsOf(timeline, rank: 1)[1].ShouldStartWith("""{"op":"forward","stage":1,"microbatch":0,"slice":0,"start":""");

        Written(Worked.Of("1f1b")).TryGetProperty("slices", out _).ShouldBeFalse();
        profile = profile with { Slices = new() { Count = 2 } };
        Written(Worked.Of("seq1f1b", Problem.Create(profile))).TryGetProperty("sliceLengths", out _).ShouldBeFalse();
    }

    [Fact]
    public void What_is_computed_again_is_an_operation_like_any_other()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 1) with { Recompute = new() { Kept = 0.5m } };
        var problem = Problem.Create(profile, splitBackward: false);
        var timeline = Replay.Run(RandomOrders.Next(OperationGraph.Build(problem), new Random(1)));
        InstructionsOf(timeline, rank: 1)[2].ShouldBe("""{"op":"recompute","stage":1,"microbatch":0,"start":2,"end":3,"slack":0,"priority":5}""");
    }

    [Fact]
    public void Weights_are_told_by_device_where_the_profile_has_them()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 2, placement: "bidirectional");
        profile = profile with { Memory = profile.Memory! with { Weights = StageValues.Each([3m, 4m]) } };
        var timeline = Worked.Of("chimera", Problem.Create(profile));
        Written(timeline).GetProperty("weightMemory").GetRawText().ShouldBe("[7,7]");
        Written(Worked.Of("1f1b")).TryGetProperty("weightMemory", out _).ShouldBeFalse();
    }

    private void CheckReadsBack(Timeline timeline)
    {
        var read = Written(timeline).GetProperty("ranks").EnumerateArray().Select(ReadRank).ToList();
        RendezvousCheck.FirstViolation(timeline.Graph, read).ShouldBeNull();

        RankInstructions ReadRank(JsonElement json)
        {
            var rank = json.GetProperty("rank").GetInt32();
            return new(rank, [.. json.GetProperty("instructions").EnumerateArray().SelectMany(item => Read(rank, item))]);
        }
    }

    private List<string> InstructionsOf(Timeline timeline, int rank) =>
        [.. Written(timeline).GetProperty("ranks")[rank].GetProperty("instructions").EnumerateArray().Select(instruction => instruction.GetRawText())];

    private IEnumerable<Instruction> Read(int rank, JsonElement json)
    {
        var name = json.GetProperty("op").GetString()!;
        if (name == "overlapped")
        {
            return
            [
                Instruction.Compute(Of(OperationKind.OverlappedForward, json.GetProperty("forward"))),
                Instruction.Compute(Of(OperationKind.OverlappedBackward, json.GetProperty("backward"))),
            ];
        }

        if (name == "allReduce")
        {
            var ranks = json.GetProperty("ranks").EnumerateArray().Select(owner => owner.GetInt32()).ToList();
            return [Instruction.AllReduce(json.GetProperty("stage").GetInt32(), with: ranks[0] == rank ? ranks[1] : ranks[0])];
        }

        if (OperationKinds.All.SingleOrDefault(facts => facts.Name == name && facts.Lane == LaneKind.Compute) is { } facts)
            return [Instruction.Compute(Of(facts.Kind, json))];
        var result = ResultOf(json.GetProperty("what").GetString()!, json);
        var peer = json.GetProperty("peer").GetInt32();
        return [name == "send" ? Instruction.Send(result, peer) : Instruction.Receive(result, peer)];
    }

    private OperationGraph? _graph;

    /// <summary>Which of the operations that make such a result the schedule has.</summary>
    private Operation ResultOf(string what, JsonElement json)
    {
        OperationKind[] kinds = what switch
        {
            "activation" => [OperationKind.Forward, OperationKind.OverlappedForward],
            "gradient" => [OperationKind.Backward, OperationKind.OverlappedBackward, OperationKind.BackwardInput],
            _ => [OperationKinds.All.Single(facts => facts.Name == what).Kind],
        };
        return kinds.Select(kind => Of(kind, json)).Single(operation => _graph!.IndexOf(operation) >= 0);
    }

    private static Operation Of(OperationKind kind, JsonElement json) =>
        new(kind, Number(json, "pipe"), Number(json, "stage"), Number(json, "microbatch")) { Slice = Number(json, "slice") };

    private static int Number(JsonElement json, string member) => json.TryGetProperty(member, out var number) ? number.GetInt32() : 0;

    private JsonElement Written(Timeline timeline, int? rank = null)
    {
        _graph = timeline.Graph;
        var output = new ArrayBufferWriter<byte>();
        InstructionFormatCatalogue.Find("native")!.Write(timeline, rank, output);
        return JsonDocument.Parse(output.WrittenMemory).RootElement;
    }
}
