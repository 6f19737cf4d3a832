using System.Text.Json;
using FsCheck.Xunit;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

public class MegatronZeroBubbleFormatTests
{
    private static readonly string[] Members =
    [
        "type", "stage", "microbatch", "chunk", "seq_split_idx", "layer_group_idx", "start_time", "completion_time", "recv_peer_stage",
        "send_peer_stage", "comm_direction", "comm_peer_stage", "comm_pair_id", "rollback", "need_recompute", "should_offload",
    ];

    private static Core.Instructions.IInstructionFormat ZeroBubble => Core.Instructions.Formats.InstructionFormatCatalogue.Find("megatron-zb")!;

    [Fact]
    public void Nodes_have_the_members_of_the_runtime_in_its_order()
    {
        var json = Streams.Json("megatron-zb", Worked.Of("1f1b", Problem.Create(Shape.Profile(devices: 2, microbatches: 1))));
        json.GetProperty("postValidation").GetBoolean().ShouldBeFalse();
        var nodes = json.GetProperty("stages")[1].EnumerateArray().Select(node => node.GetRawText()).ToList();

        nodes.ShouldBe(
        [
            """{"type":"RECV_FORWARD","stage":1,"microbatch":0,"chunk":0,"seq_split_idx":0,"layer_group_idx":1,"start_time":1,"completion_time":1,"recv_peer_stage":null,"send_peer_stage":null,"comm_direction":"PREV","comm_peer_stage":0,"comm_pair_id":0,"rollback":false,"need_recompute":false,"should_offload":false}""",
            """{"type":"F","stage":1,"microbatch":0,"chunk":0,"seq_split_idx":0,"layer_group_idx":1,"start_time":1,"completion_time":2,"recv_peer_stage":0,"send_peer_stage":null,"comm_direction":null,"comm_peer_stage":null,"comm_pair_id":null,"rollback":false,"need_recompute":false,"should_offload":false}""",
            """{"type":"BW","stage":1,"microbatch":0,"chunk":0,"seq_split_idx":0,"layer_group_idx":1,"start_time":2,"completion_time":4,"recv_peer_stage":null,"send_peer_stage":0,"comm_direction":null,"comm_peer_stage":null,"comm_pair_id":null,"rollback":false,"need_recompute":false,"should_offload":false}""",
            """{"type":"SEND_BACKWARD","stage":1,"microbatch":0,"chunk":0,"seq_split_idx":0,"layer_group_idx":1,"start_time":4,"completion_time":4,"recv_peer_stage":null,"send_peer_stage":null,"comm_direction":"NEXT","comm_peer_stage":0,"comm_pair_id":1,"rollback":false,"need_recompute":false,"should_offload":false}""",
        ]);
    }

    [Fact]
    public void In_a_v_chunks_hand_over_within_the_last_rank()
    {
        var nodes = Streams.Json("megatron-zb", Worked.Of("zb-v", "v", chunks: 2)).GetProperty("stages")[3].EnumerateArray().ToList();
        var turn = nodes.First(node => Type(node) == "F" && Int(node, "chunk") == 1);
        turn.GetProperty("recv_peer_stage").ValueKind.ShouldBe(JsonValueKind.Null);
        Int(turn, "layer_group_idx").ShouldBe(4);
        Int(turn, "send_peer_stage").ShouldBe(2);
        nodes.Where(node => Type(node) == "SEND_FORWARD").ShouldAllBe(node => Int(node, "chunk") == 1 && node.GetProperty("comm_direction").GetString() == "PREV");
    }

    [Theory]
    [InlineData("zb-h1", "linear", 1)]
    [InlineData("zb-h2", "linear", 1)]
    [InlineData("zb-v", "v", 2)]
    [InlineData("interleaved-1f1b", "interleaved", 2)]
    public void Without_a_barrier_the_check_travels_back_during_warm_up(string family, string placement, int chunks)
    {
        var timeline = Worked.Of(family, placement, chunks, Objective.Span);
        var json = Streams.Json("megatron-zb", timeline);
        json.GetProperty("postValidation").GetBoolean().ShouldBeTrue();
        var ranks = RanksOf(json);
        CheckPostValidation(timeline.Schedule.Problem, ranks);
        ranks[1].ShouldContain(node => node.GetProperty("rollback").GetBoolean());
        Streams.Json("megatron-zb", Worked.Of(family, placement, chunks)).GetProperty("postValidation").GetBoolean().ShouldBeFalse();
    }

    /// <summary>A step that the profile has is a part of the times, and of the lists what comes of the one before.</summary>
    [Theory]
    [InlineData("zb-h1", "linear", 1, Objective.Span)]
    [InlineData("zb-h2", "linear", 1, Objective.Makespan)]
    [InlineData("zb-v", "v", 2, Objective.Span)]
    [InlineData("interleaved-1f1b", "interleaved", 2, Objective.Makespan)]
    public void Steps_with_post_validation_have_its_nodes(string family, string placement, int chunks, Objective objective)
    {
        var profile = Shape.Profile(4, 8, chunks, placement, communication: 0.25m);
        var problem = Problem.Create(profile with { Optimizer = new() { Step = 3, PostValidation = true } }, objective);
        var timeline = Worked.Of(family, problem);
        var json = Streams.Json("megatron-zb", timeline);
        json.GetProperty("postValidation").GetBoolean().ShouldBeTrue();
        CheckPostValidation(problem, RanksOf(json));
        ZeroBubble.SettingsFor(timeline).ShouldContain(new Core.Instructions.RuntimeSetting("--enable-optimizer-post-validation", ""));

        // With the steps taken off, the lists are those of the same order without an optimizer.
        var alone = Streams.Json("megatron-zb", Worked.Of(family, Problem.Create(profile, objective)));
        RanksOf(json).Select(nodes => nodes.Where(IsWork).Select(Type)).ShouldBe(RanksOf(alone).Select(nodes => nodes.Where(IsWork).Select(Type)));
        static bool IsWork(JsonElement node) => !Type(node).EndsWith("POST_VALIDATION", StringComparison.Ordinal) && !IsTransfer(node);
    }

    [Fact]
    public void Steps_without_post_validation_have_no_node()
    {
        var problem = Problem.Create(Shape.Profile(4, 8) with { Optimizer = new() { Step = 3 } });
        Streams.Refusal("megatron-zb", Worked.Of("zb-h1", problem)).Member.ShouldBe("$.profile.optimizer.postValidation");
    }

    /// <summary>A message takes so long that word would come to the last rank's backward too late for the first rank's second chunk.</summary>
    [Fact]
    public void A_rank_that_would_validate_before_it_begins_is_told()
    {
        var profile = Shape.Profile(4, 8, chunks: 2, "interleaved", communication: 5) with { Optimizer = new() { Step = 3, PostValidation = true } };
        var order = Worked.Of("interleaved-1f1b", Problem.Create(profile with { Pipeline = profile.Pipeline with { Microbatches = 4 } }));
        Streams.Refusal("megatron-zb", order).Reason.ShouldContain("before its first forward");
    }

    [Fact]
    public void A_rank_steps_after_all_else_that_it_does()
    {
        var profile = Shape.Profile(2, 2, chunks: 2, "interleaved") with { Optimizer = new() { Step = 3, PostValidation = true } };
        var timeline = Worked.Of("interleaved-1f1b", Problem.Create(profile, Objective.Span, splitBackward: false));
        var early = timeline.WithOrders([.. Enumerable.Range(0, 2).Select(device => StepsEarly([.. timeline.Schedule.OperationsOn(device)]))]);
        early.Schedule.OperationsOn(0).Last().Kind.ShouldBe(OperationKind.OptimizerStep);
        early.Schedule.OperationsOn(0).ShouldNotBe(timeline.Schedule.OperationsOn(0));
        ZeroBubble.AsWritten(early).Schedule.OperationsOn(0).Where(operation => operation.Kind != OperationKind.OptimizerStep)
            .ShouldBe(timeline.Schedule.OperationsOn(0).Where(operation => operation.Kind != OperationKind.OptimizerStep));
        ZeroBubble.AsWritten(early).Schedule.OperationsOn(0).TakeLast(2).ShouldAllBe(operation => operation.Kind == OperationKind.OptimizerStep);
        ScheduleMetrics.Of(ZeroBubble.AsWritten(early)).Span.ShouldBe(ScheduleMetrics.Of(timeline).Span);

        static List<Operation> StepsEarly(List<Operation> order)
        {
            var step = order.Find(operation => operation.Kind == OperationKind.OptimizerStep && operation.Stage >= 2);
            order.Remove(step);
            order.Insert(order.FindLastIndex(operation => operation.IsWholeBackward && operation.Stage == step.Stage) + 1, step);
            return order;
        }
    }

    [Property(MaxTest = 300)]
    public FsCheck.Property Any_list_runs_in_the_fused_batches_of_the_runtime(Seed seed)
    {
        var timeline = seed.Item % 2 == 0 ? RandomSchedules.InOrder(RandomSchedules.Draw(seed)) : FeaturedSchedules.Draw(seed);
        if (Core.Instructions.Formats.InstructionFormatCatalogue.Find("megatron-zb")!.WhyNot(timeline) is not null) return DrawnCase.SetAside;
        var json = Streams.Json("megatron-zb", timeline);
        var ranks = RanksOf(json);
        foreach (var node in ranks.SelectMany(nodes => nodes)) node.EnumerateObject().Select(member => member.Name).ShouldBe(Members);
        for (var rank = 0; rank < ranks.Length; rank++)
        {
            ranks[rank].Where(node => Type(node) is "F" or "B" or "W" or "BW" or "R").Select(node => (Int(node, "layer_group_idx"), Int(node, "microbatch"), Int(node, "seq_split_idx")))
                .ShouldBe(timeline.Schedule.OperationsOn(rank).Select(operation => (operation.Stage, operation.Microbatch, operation.Slice)));
        }

        RunBatches(ranks);
        if (json.GetProperty("postValidation").GetBoolean()) CheckPostValidation(timeline.Schedule.Problem, ranks);
        return DrawnCase.Checked;
    }

    [Fact]
    public void Slices_are_sequence_splits_of_one_length()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 2) with { Slices = new() { Count = 2 } };
        var timeline = Worked.Of("seq1f1b", Problem.Create(profile, splitBackward: false));
        RanksOf(Streams.Json("megatron-zb", timeline))[1].Select(node => $"{Type(node)}{Int(node, "microbatch")}.{Int(node, "seq_split_idx")}").Take(7)
            .ShouldBe(["RECV_FORWARD0.0", "F0.0", "RECV_FORWARD0.1", "F0.1", "RECV_FORWARD1.0", "BW0.1", "SEND_BACKWARD0.1"]);
        Core.Instructions.Formats.InstructionFormatCatalogue.Find("megatron-zb")!.SettingsFor(timeline).ShouldContain(new Core.Instructions.RuntimeSetting("--num-seq-splits", "2"));

        var uneven = profile with { Slices = new() { Count = 2, Sequence = 64, Hidden = 1, Cut = SequenceCut.EqualFlops } };
        Streams.Refusal("megatron-zb", Worked.Of("seq1f1b", Problem.Create(uneven, splitBackward: false))).Member.ShouldBe("$.profile.slices");
        Streams.Refusal("megatron-zb", Split(profile)).Member.ShouldBe("$.options.splitBackward");

        static Timeline Split(Profile profile)
        {
            var problem = Problem.Create(profile);
            return Replay.Run(RandomOrders.Next(OperationGraph.Build(problem), new Random(1)));
        }
    }

    [Fact]
    public void What_is_computed_again_is_marked_and_has_a_node()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 2, chunks: 2, "interleaved") with { Recompute = new() { Kept = 0.5m, Stages = [1] } };
        var order = Core.Families.FamilyCatalogue.Find("interleaved-1f1b")!;
        var timeline = Replay.Run(Core.Families.FamilySchedules.ScheduleOf(order, Problem.Create(profile, splitBackward: false)));
        var nodes = RanksOf(Streams.Json("megatron-zb", timeline)).SelectMany(rank => rank).ToList();
        nodes.Count(node => Type(node) == "R").ShouldBe(2);
        nodes.Where(node => Type(node) == "F").ShouldAllBe(node => node.GetProperty("need_recompute").GetBoolean() == (Int(node, "layer_group_idx") == 1));
    }

    /// <summary>Transfers that stand together are started together; an operation waits until all of them are over.</summary>
    private static void RunBatches(List<JsonElement>[] ranks)
    {
        var positions = new int[ranks.Length];
        var left = ranks.Select(_ => new HashSet<int>()).ToArray();
        while (true)
        {
            for (var rank = 0; rank < ranks.Length; rank++)
            {
                while (left[rank].Count == 0 && positions[rank] < ranks[rank].Count)
                {
                    if (!IsTransfer(ranks[rank][positions[rank]])) positions[rank]++;
                    else while (positions[rank] < ranks[rank].Count && IsTransfer(ranks[rank][positions[rank]])) left[rank].Add(Int(ranks[rank][positions[rank]++], "comm_pair_id")).ShouldBeTrue();
                }
            }

            var met = left.SelectMany(pairs => pairs).GroupBy(pair => pair).Where(pair => pair.Count() == 2).Select(pair => pair.Key).ToList();
            if (met.Count == 0) break;
            foreach (var pairs in left) pairs.ExceptWith(met);
        }

        positions.ShouldBe(ranks.Select(nodes => nodes.Count));
        left.ShouldAllBe(pairs => pairs.Count == 0);
    }

    private static void CheckPostValidation(Problem problem, List<JsonElement>[] ranks)
    {
        RunBatches(ranks);
        var times = new decimal[ranks.Length];
        for (var rank = ranks.Length - 1; rank >= 0; rank--)
        {
            var nodes = ranks[rank];
            nodes.Count(node => Type(node) == "RECV_POST_VALIDATION").ShouldBe(rank == ranks.Length - 1 ? 0 : 1);
            nodes.Count(node => Type(node) == "SEND_POST_VALIDATION").ShouldBe(rank == 0 ? 0 : 1);
            var place = nodes.FindIndex(node => Type(node) == "POST_VALIDATION");
            place.ShouldBeGreaterThanOrEqualTo(0);
            // What runs before the check can be undone.
            nodes[..place].ShouldAllBe(node => Type(node).EndsWith("POST_VALIDATION", StringComparison.Ordinal)
                || (Int(node, "chunk") == 0 && (Type(node) == "F" || Type(node) == "SEND_FORWARD" || Type(node) == "RECV_FORWARD")));
            nodes[(place + 1)..].ShouldNotContain(node => Type(node).EndsWith("POST_VALIDATION", StringComparison.Ordinal));
            times[rank] = nodes[place].GetProperty("start_time").GetDecimal();
            if (rank < ranks.Length - 1) times[rank].ShouldBeGreaterThanOrEqualTo(times[rank + 1] + problem.TimeScale.FromTicks(problem.Lag(rank + 1, rank)));
            if (rank == 0) continue;
            var resent = ranks[rank - 1].TakeWhile(node => Type(node) != "POST_VALIDATION").Where(node => Type(node) == "SEND_FORWARD").Select(node => Int(node, "microbatch"));
            nodes.Where(node => node.GetProperty("rollback").GetBoolean()).Select(node => Int(node, "microbatch")).ShouldBe(resent);
        }
    }

    private static List<JsonElement>[] RanksOf(JsonElement json) => [.. json.GetProperty("stages").EnumerateArray().Select(nodes => nodes.EnumerateArray().ToList())];

    private static bool IsTransfer(JsonElement node) => node.GetProperty("comm_pair_id").ValueKind == JsonValueKind.Number;

    private static string Type(JsonElement node) => node.GetProperty("type").GetString()!;

    private static int Int(JsonElement node, string member) => node.GetProperty(member).GetInt32();
}
