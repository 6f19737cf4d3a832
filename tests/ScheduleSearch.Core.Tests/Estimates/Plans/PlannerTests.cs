using System.Text.Json;
using System.Text.Json.Nodes;
using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Json;
using ScheduleSearch.Core.Estimates.Plans;
using ScheduleSearch.Core.Estimates.Requests;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Features.Layers;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Estimates.Plans;

/// <summary>All divisions of a cluster, ruled out by memory and ranked by the formula.</summary>
public class PlannerTests
{
    [Fact]
    public void Every_division_of_the_cluster_is_a_plan()
    {
        var plans = Plans();
        var sizes = plans.Select(plan => (plan.Sizes.Tensor, plan.Sizes.Pipeline, plan.Sizes.Data)).ToList();
        var expected =
            from tensor in Enumerable.Range(1, 8)
            from pipeline in Enumerable.Range(1, 16)
            from data in Enumerable.Range(1, 16)
            where 8 % tensor == 0 && tensor * pipeline * data == 16
            select (tensor, pipeline, data);
        sizes.ShouldBe(expected, ignoreOrder: true);
        plans.Where(plan => plan.Microbatches is not null).ShouldAllBe(plan => plan.Microbatches * plan.Sizes.Data == 32);
    }

    [Fact]
    public void Those_that_fit_come_first_and_the_fastest_by_the_formula_before_the_others()
    {
        var plans = Plans();
        var fitting = plans.TakeWhile(plan => plan.Pipeline is not null).ToList();
        fitting.Count.ShouldBeInRange(2, plans.Count - 1);
        fitting.Select(plan => plan.Pipeline!.Milliseconds).ShouldBeInOrder();
        fitting.ShouldAllBe(plan => plan.Reason == null && plan.Memory <= 48);
        plans.Skip(fitting.Count).ShouldAllBe(plan => plan.Pipeline == null && plan.Reason != null);
    }

    /// <summary>The same division, estimated by itself.</summary>
    [Fact]
    public void Memory_is_that_of_the_fullest_rank_of_an_estimate()
    {
        foreach (var plan in Plans("""{ "split": "even" }""").Where(plan => plan.Memory is not null))
        {
            var (tensor, pipeline, data) = (plan.Sizes.Tensor, plan.Sizes.Pipeline, plan.Sizes.Data);
            var estimate = Models.Estimate(Models.Llama8, $$"""
                { "tensorParallel": {{tensor}}, "dataParallel": {{data}}, "optimizer": { "sharding": "distributed" },
                  "pipeline": { "devices": {{pipeline}}, "microbatches": {{plan.Microbatches}} } }
                """);
            plan.Memory.ShouldBe(estimate.Ranks.Max(rank => rank.Total));
            (plan.Pipeline is not null).ShouldBe(plan.Memory <= 48);
            if (plan.Pipeline is null) plan.Reason!.ShouldContain("1F1B with an even split of the layers holds");
        }
    }

    [Theory]
    [InlineData("""{ "tensorParallel": [8], "pipelineParallel": [2], "globalBatch": 33, "dataParallel": [1], "microbatchSizes": [2] }""", "no multiple")]
    [InlineData("""{ "chunks": [2], "pipelineParallel": [1], "tensorParallel": [8] }""", "Chunks of one rank are one stage.")]
    [InlineData("""{ "chunks": [16], "pipelineParallel": [4], "tensorParallel": [4] }""", "Has 64 stages; the model has 32 decoder layers.")]
    public void What_does_not_go_together_is_ruled_out_with_its_reason(string more, string reason)
    {
        var plan = Plans(more).ShouldHaveSingleItem();
        plan.Pipeline.ShouldBeNull();
        plan.Reason!.ShouldContain(reason);
    }

    [Fact]
    public void Tensor_parallelism_that_the_heads_do_not_allow_is_ruled_out()
    {
        var plans = Plans("""{ "cluster": { "nodes": 1, "devicesPerNode": 6 }, "pipelineParallel": [1, 2] }""");
        plans.Where(plan => plan.Sizes.Tensor % 3 == 0 && plan.Microbatches is not null)
            .ShouldAllBe(plan => plan.Reason!.StartsWith("tensorParallel: Is ", StringComparison.Ordinal));
    }

    /// <summary>Each of four nodes is a rank of a pipeline; the third node's links are slow, so it stands at an end, where it has but one.</summary>
    [Fact]
    public void A_slow_node_stands_where_it_has_least_to_send()
    {
        const string Slow = """
            { "cluster": { "nodes": 4, "devicesPerNode": 8,
                "linkBetween": { "bandwidth": [[0, 50, 5, 50], [50, 0, 5, 50], [5, 5, 0, 5], [50, 50, 5, 0]] } },
              "tensorParallel": [8], "pipelineParallel": [4] }
            """;
        var nodes = Plans(Slow).ShouldHaveSingleItem().Pipeline!.Nodes;
        nodes.IndexOf(2).ShouldBeOneOf(0, 3);
    }

    [Fact]
    public void The_problem_states_the_messages_of_the_slowest_pipeline_and_the_stages_of_an_even_split()
    {
        var plan = Plans(
            """
            { "split": "even", "tensorParallel": [4], "pipelineParallel": [2],
              "cluster": { "nodes": 2, "devicesPerNode": 8, "linkBetween": { "bandwidth": 25 } } }
            """)
            .ShouldHaveSingleItem();
        var profile = plan.Pipeline!.Problem.Profile;
        (profile.Pipeline.Devices, profile.Pipeline.Microbatches, plan.Sizes.Data).ShouldBe((2, 16, 2));
        // 2,048 tokens of width 4,096 in two bytes, shared by four, over the network.
        profile.Times.Communication.Latency[0, 1].ShouldBe(2048 * 4096 * 2 / 4 / 25e6m, tolerance: 1e-6m);
        var layers = Models.Estimate(Models.Llama8, """{ "tensorParallel": 4, "dataParallel": 2 }""").Layers;
        profile.Times.Forward[0].ShouldBe(layers[0].Forward + 16 * layers[1].Forward);
        profile.Times.Forward[1].ShouldBe(16 * layers[1].Forward + layers[2].Forward);
    }

    /// <summary>Half of two pipelines' links are slow. Each rank's sums begin when it ends: brute force over all pipelines and ranks.</summary>
    [Fact]
    public void An_iteration_ends_with_the_last_pipeline_and_the_last_sum()
    {
        const string Cluster = """
            { "cluster": { "nodes": 4, "devicesPerNode": 4, "linkInside": { "bandwidth": 100 },
                "linkBetween": { "bandwidth": [[0, 9, 3, 1], [8, 0, 2, 7], [5, 6, 0, 4], [3, 2, 8, 0]], "latency": 0.1 } },
              "split": "even", "tensorParallel": [4], "pipelineParallel": [2],
              "base": { "optimizer": { "sharding": "none" }, "device": { "preset": "H100", "memory": 1000 } } }
            """;
        var plan = Plans(Cluster).ShouldHaveSingleItem();
        var pipeline = plan.Pipeline!;
        var problem = pipeline.Problem;
        var order = FamilyCatalogue.Find("1f1b")!.Order(problem);
        var found = pipeline.IterationOf(Replay.Run(Schedule.Of(problem, order)));
        double[][] bandwidth = [[0, 9, 3, 1], [8, 0, 2, 7], [5, 6, 0, 4], [3, 2, 8, 0]];
        const double Bytes = 2048 * 4096 * 2 / 4;
        var estimate = Models.Estimate(
            Models.Llama8, """{ "tensorParallel": 4, "dataParallel": 2, "pipeline": { "devices": 2, "microbatches": 16 } }""");
        var (makespan, total) = (0.0, 0.0);
        for (var replica = 0; replica < 2; replica++)
        {
            var (first, second) = (pipeline.Nodes[replica], pipeline.Nodes[2 + replica]);
            var ofReplica = Problem.Create(problem.Profile with
            {
                Times = problem.Profile.Times with { Communication = LinkValues.Each([[0, Message(first, second)], [Message(second, first), 0]]) },
            });
            var timeline = Replay.Run(Schedule.Of(ofReplica, order));
            for (var rank = 0; rank < 2; rank++)
            {
                var end = (double)ofReplica.TimeScale.FromTicks(timeline.Schedule.OrderOf(rank).ToArray().Max(timeline.EndOf));
                var (one, other) = (pipeline.Nodes[2 * rank], pipeline.Nodes[2 * rank + 1]);
                var slowest = Math.Min(bandwidth[one][other], bandwidth[other][one]);
                var sums = (double)estimate.Ranks[rank].Parameters * 4 / (slowest * 1e6) + 2 * 0.1;
                (makespan, total) = (Math.Max(makespan, end), Math.Max(total, end + sums));
            }
        }

        found.Makespan.ShouldBe(makespan, tolerance: 1e-3);
        found.Total.ShouldBe(total, tolerance: 1e-3);
        found.PeakMemory.ShouldBe((double)plan.Memory!, 0.01, "1F1B with an even split, as the table of memory has it");

        decimal Message(int from, int to) => decimal.Round((decimal)(0.1 + Bytes / (bandwidth[from][to] * 1e6)), 6);
    }

    /// <summary>Brute force over all splits of eight layers, the embedding and the head among them, on three ranks without replicas.</summary>
    [Fact]
    public void The_formula_takes_the_split_whose_busiest_rank_has_least_to_do()
    {
        const string Small = """
            { "base": { "config": null, "model": { "hidden": 1024, "layers": 6, "heads": 16, "vocabulary": 200000 } },
              "cluster": { "nodes": 1, "devicesPerNode": 3 }, "tensorParallel": [1], "pipelineParallel": [3] }
            """;
        var plan = Plans(Small).ShouldHaveSingleItem();
        var pipeline = plan.Pipeline!;
        var layered = pipeline.Choice!.Profile;
        var times = new List<double>();
        for (var first = 1; first <= 6; first++)
        {
            for (var second = 1; first + second <= 7; second++)
            {
                var stages = ClosedLayers.On(layered, [first, second, 8 - first - second]).Times;
                times.Add((double)Enumerable.Range(0, 3).Max(rank => stages.Forward[rank] + stages.BackwardInput[rank] + stages.BackwardWeight[rank]));
            }
        }

        times.Count.ShouldBe(21);
        var (busiest, even) = (PlannedPipeline.BusiestOf(pipeline.Problem.Profile), PlannedPipeline.BusiestOf(ClosedLayers.On(layered, [3, 2, 3])));
        busiest.ShouldBe(times.Min());
        busiest.ShouldBeLessThan(even, "the head of 200,000 tokens takes as long as many layers");
        plan.Split.Sum().ShouldBe(8);
        pipeline.Choice.Alternatives.Count.ShouldBe(21, "all of them are tried");
        pipeline.SplitOf(pipeline.Choice.Alternatives[4].Problem!.Id)!.Value.Sum().ShouldBe(8);
        pipeline.SplitOf("none").ShouldBeNull();
    }

    [Fact]
    public void Parts_of_sequences_are_an_axis_beside_the_others()
    {
        var plans = Plans("""{ "contextParallel": [1, 2, 4] }""");
        var sizes = plans.Select(plan => (plan.Sizes.Tensor, plan.Sizes.Context, plan.Sizes.Pipeline, plan.Sizes.Data)).ToList();
        var expected =
            from tensor in Enumerable.Range(1, 8)
            from context in new[] { 1, 2, 4 }
            from pipeline in Enumerable.Range(1, 16)
            from data in Enumerable.Range(1, 16)
            where 8 % tensor == 0 && tensor * context * pipeline * data == 16
            select (tensor, context, pipeline, data);
        sizes.ShouldBe(expected, ignoreOrder: true);
        var fixedTo = Plans("""{ "base": { "contextParallel": 2 } }""");
        fixedTo.Where(plan => plan.Pipeline is not null).Select(plan => (plan.Sizes, plan.Pipeline!.Milliseconds)).ShouldBe(
            plans.Where(plan => plan.Sizes.Context == 2 && plan.Pipeline is not null).Select(plan => (plan.Sizes, plan.Pipeline!.Milliseconds)));
    }

    [Fact]
    public void Placements_are_tried_with_the_chunks_that_they_take()
    {
        const string All = """
            { "tensorParallel": [4], "pipelineParallel": [4], "chunks": [1, 2, 4], "placements": ["linear", "interleaved", "v", "wave", "bidirectional"] }
            """;
        Plans(All).Select(plan => (plan.Sizes.Placement, plan.Sizes.Chunks)).ShouldBe(
            [("linear", 1), ("bidirectional", 1), ("interleaved", 2), ("v", 2), ("bidirectional", 2), ("interleaved", 4), ("wave", 4)], ignoreOrder: true);
    }

    [Fact]
    public void A_runtime_rules_out_what_it_does_not_carry()
    {
        const string Named = """
            { "tensorParallel": [4], "pipelineParallel": [4], "placements": ["linear", "bidirectional"], "options": { "runtime": "RUNTIME" } }
            """;
        var plans = Plans(Named.Replace("RUNTIME", "deepspeed", StringComparison.Ordinal)).ToDictionary(plan => plan.Sizes.Placement);
        plans["linear"].Pipeline.ShouldNotBeNull();
        plans["bidirectional"].Pipeline.ShouldBeNull();
        plans["bidirectional"].Reason!.ShouldContain("deepspeed", Case.Insensitive);
    }

    /// <summary>A V turns on its last rank without a message, two pipes send as much as one.</summary>
    [Theory]
    [InlineData("linear", 1, 6)]
    [InlineData("interleaved", 2, 14)]
    [InlineData("v", 2, 12)]
    [InlineData("bidirectional", 1, 6)]
    public void Messages_are_those_between_stages_of_two_ranks(string placement, int chunks, int messages)
    {
        var shape = new PipelineShape
        {
            Devices = 4,
            Chunks = chunks,
            Microbatches = 1,
        };
        var links = new ClusterLinks(
            new()
            {
                Nodes = 4,
                DevicesPerNode = 1,
                LinkBetween = new() { Bandwidth = 1 },
            },
            DeviceCatalogue.Find("H100")!);
        new PlacedGrid(new NodeGrid(1, 4, 1, 1), links, [0, 1, 2, 3], PlacementCatalogue.Find(placement)!.Place(shape), 1e6).Messages
            .ShouldBe(messages, tolerance: 1e-9);
    }

    [Theory]
    [InlineData("""{ "base": { "device": "H10" } }""", "$.base.device", "Did you mean H100?")]
    [InlineData("""{ "contextParallel": [3] }""", "$.contextParallel[0]", "the 16 devices of the cluster")]
    [InlineData("""{ "contextParallel": [2], "base": { "contextParallel": 2 } }""", "$.contextParallel", "one of the two places")]
    [InlineData("""{ "placements": ["linear", "wawe"] }""", "$.placements[1]", "Did you mean wave?")]
    [InlineData("""{ "placements": ["v"] }""", "$.cluster", "placements takes none of these chunks")]
    [InlineData("""{ "placements": [] }""", "$.placements", "Has 0 values")]
    [InlineData("""{ "split": "best" }""", "$.split", "search")]
    [InlineData("""{ "base": { "pipeline": { "devices": 2, "microbatches": 8 } } }""", "$.base.pipeline", "not a member here")]
    [InlineData("""{ "base": { "dtype": "fp8", "device": "A100" } }""", "$.base.dtype", "A100 has no products of")]
    [InlineData("""{ "cluster": { "nodes": 0, "devicesPerNode": 8 } }""", "$.cluster.nodes", "from 1 to 128")]
    [InlineData("""{ "cluster": { "nodes": 2 } }""", "$.cluster.devicesPerNode", "Is missing.")]
    [InlineData(
        """{ "cluster": { "nodes": 2, "devicesPerNode": 8, "linkInside": { "bandwidth": 0, "latency": 1 } } }""",
        "$.cluster.linkInside.bandwidth", "GB a second")]
    [InlineData(
        """{ "cluster": { "nodes": 2, "devicesPerNode": 8, "linkBetween": { "bandwidth": "fast", "latency": 1 } } }""",
        "$.cluster.linkBetween.bandwidth", "number")]
    [InlineData("""{ "cluster": { "nodes": 2, "devicesPerNode": 8, "linkBetween": { "bandwidth": -1 } } }""", "$.cluster.linkBetween.bandwidth", "Is -1")]
    [InlineData(
        """{ "cluster": { "nodes": 2, "devicesPerNode": 8, "linkBetween": { "bandwidth": [[0, 1]] } } }""", "$.cluster.linkBetween.bandwidth", "2 rows of 2")]
    [InlineData(
        """{ "cluster": { "nodes": 2, "devicesPerNode": 8, "linkBetween": { "bandwidth": [[0, 1], [0, 0]] } } }""",
        "$.cluster.linkBetween.bandwidth[1][0]", "Is 0")]
    [InlineData("""{ "globalBatch": 0 }""", "$.globalBatch", "from 1")]
    [InlineData("""{ "tensorParallel": [3] }""", "$.tensorParallel[0]", "the 8 devices of a node must be a multiple of it")]
    [InlineData("""{ "pipelineParallel": [2, 3] }""", "$.pipelineParallel[1]", "the 16 devices of the cluster")]
    [InlineData("""{ "tensorParallel": [8], "pipelineParallel": [4] }""", "$.cluster", "no tensorParallel x pipelineParallel x dataParallel is as many")]
    [InlineData("""{ "chunks": [] }""", "$.chunks", "Has 0 values")]
    [InlineData("""{ "search": 17 }""", "$.search", "from 1 to 16")]
    [InlineData("""{ "options": { "objective": "span" } }""", "$.options.objective", "makespan")]
    [InlineData("""{ "options": { "workLimit": 5 } }""", "$.options.workLimit", "timeLimitSeconds")]
    [InlineData("""{ "microbatchSizes": [1, 2, 4, 8, 16, 32] }""", "$.cluster", "more than 50 plans")]
    public void What_is_wrong_is_named(string more, string path, string message)
    {
        var errors = Should.Throw<InvalidProfileException>(() => Read(more)).Errors;
        errors.ShouldContain(error => error.Message.Contains(message, StringComparison.Ordinal), string.Join("\n", errors));
        errors.ShouldAllBe(error => error.Path == path);
    }

    [Fact]
    public void Notes_say_what_is_left_out() => PlanNotes.Of(Read("""{ "base": { "optimizer": { "sharding": "zero3" } } }""")).Count().ShouldBe(6);

    private static IReadOnlyList<Plan> Plans(string more = "{}") => new Planner(Read(more), ProblemLimits.Default).Plans();

    /// <summary>Llama 3 8B on two nodes of eight, but for what is said otherwise.</summary>
    private static PlanRequest Read(string more)
    {
        var request = JsonNode.Parse($$"""
            {
              "base": {
                "config": {{Models.Llama8}}, "sequence": 2048, "device": { "preset": "H100", "memory": 48 }, "optimizer": { "sharding": "distributed" }
              },
              "cluster": { "nodes": 2, "devicesPerNode": 8 },
              "globalBatch": 32
            }
            """)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(more)!.AsObject())
        {
            if (name == "base")
            {
                foreach (var (member, given) in value!.AsObject())
                {
                    if (given is null) request["base"]!.AsObject().Remove(member);
                    else request["base"]![member] = given.DeepClone();
                }
            }
            else
            {
                request[name] = value?.DeepClone();
            }
        }

        return PlanJson.Read(JsonSerializer.SerializeToElement(request), ProblemLimits.Default, most: 50);
    }
}
