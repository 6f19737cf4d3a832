using System.Text.Json;
using FsCheck.Xunit;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

public class DeepSpeedFormatTests
{
    [Fact]
    public void Steps_hold_the_instructions_of_a_pipe_schedule()
    {
        var json = Streams.Json("deepspeed", Worked.Of("1f1b", Problem.Create(Shape.Profile(devices: 2, microbatches: 2))));
        var stages = json.GetProperty("stages").EnumerateArray().ToList();

        Told(stages[0]).ShouldBe(
        [
            "LoadMicroBatch0 ForwardPass0 SendActivation0", "LoadMicroBatch1 ForwardPass1 SendActivation1", "RecvGrad0", "BackwardPass0", "RecvGrad1",
            "BackwardPass1 ReduceTiedGrads ReduceGrads OptimizerStep",
        ]);
        Told(stages[1]).ShouldBe(
        [
            "RecvActivation0", "LoadMicroBatch0 ForwardPass0 RecvActivation1", "BackwardPass0 SendGrad0", "LoadMicroBatch1 ForwardPass1",
            "BackwardPass1 SendGrad1", "ReduceTiedGrads ReduceGrads OptimizerStep",
        ]);
    }

    [Fact]
    public void Halves_that_lose_nothing_by_it_are_fused()
    {
        // One device: nothing waits for an input gradient.
        var problem = Problem.Create(Shape.Profile(devices: 1, microbatches: 2));
        var json = Streams.Json("deepspeed", Worked.Of("zb-h1", problem));
        string.Join(' ', Told(json.GetProperty("stages")[0])).ShouldContain("BackwardPass0");
    }

    [Property(MaxTest = 300)]
    public FsCheck.Property Any_stage_keeps_the_rules_of_the_engine(Seed seed)
    {
        var timeline = Linear(seed);
        if (InstructionFormatCatalogue.Find("deepspeed")!.WhyNot(timeline) is not null) return DrawnCase.SetAside;
        var stages = Streams.Json("deepspeed", timeline).GetProperty("stages").EnumerateArray().ToList();
        stages.Select(stage => stage.GetProperty("steps").GetArrayLength()).Distinct().Count().ShouldBe(1);
        for (var stage = 0; stage < stages.Count; stage++) CheckBuffers(stages[stage], stage, stages.Count, timeline.Schedule.Problem.Microbatches);
        for (var step = 0; step < stages[0].GetProperty("steps").GetArrayLength(); step++) RunStep(stages, step);
        return DrawnCase.Checked;
    }

    [Property(MaxTest = 300)]
    public FsCheck.Property Any_backward_reads_its_own_gradient_and_the_loss_of_its_own_forward(Seed seed)
    {
        var timeline = Linear(seed);
        if (InstructionFormatCatalogue.Find("deepspeed")!.WhyNot(timeline) is not null) return DrawnCase.SetAside;
        var problem = timeline.Schedule.Problem;
        DeepSpeedEngine.Run(Streams.Json("deepspeed", timeline)).Order().ShouldBe(
            from stage in Enumerable.Range(0, problem.Stages) from microbatch in Enumerable.Range(0, problem.Microbatches) select (stage, microbatch));
        return DrawnCase.Checked;
    }

    [Fact]
    public void An_activation_that_would_overwrite_a_gradient_travels_after_its_backward()
    {
        // Stage 1 waits for the backward of microbatch 0, whose gradient is there, and meanwhile stage 0 ends the forward of microbatch 2.
        var profile = Shape.Profile(devices: 3, microbatches: 3, communication: 1);
        var problem = Problem.Create(profile with { Times = profile.Times with { Forward = StageValues.Each([4, 1, 1]) } }, splitBackward: false);
        foreach (var family in new[] { "1f1b", "eager-1f1b" }) DeepSpeedEngine.Run(Streams.Json("deepspeed", Worked.Of(family, problem))).Count.ShouldBe(9);
    }

    [Theory]
    [InlineData("gpipe")]
    [InlineData("gpipe-reversed")]
    public void Two_forwards_on_the_last_stage_before_a_backward_are_refused(string family)
    {
        var refusal = Streams.Refusal("deepspeed", Worked.Of(family));
        refusal.Member.ShouldBe("$.options.family");
        (refusal.Reason + refusal.Fix).ShouldContain("one loss");
        refusal.Fix.ShouldContain("1f1b");
        Streams.Text("deepspeed", Worked.Of(family, Problem.Create(Shape.Profile(devices: 4, microbatches: 1)))).ShouldNotBeEmpty();
    }

    /// <summary>Each step can end on all ranks before the next one begins anywhere, though sends and receives block.</summary>
    private static void RunStep(List<JsonElement> stages, int step)
    {
        var left = stages.Select(stage => new Queue<string>(stage.GetProperty("steps")[step].EnumerateArray().Select(Name))).ToList();
        var moved = true;
        while (moved)
        {
            moved = false;
            for (var rank = 0; rank < left.Count; rank++)
            {
                while (left[rank].TryPeek(out var name))
                {
                    var peer = name is "SendActivation" or "RecvGrad" ? rank + 1 : rank - 1;
                    var other = name switch { "SendActivation" => "RecvActivation", "RecvActivation" => "SendActivation", "SendGrad" => "RecvGrad", "RecvGrad" => "SendGrad", _ => null };
                    if (other is not null && (!left[peer].TryPeek(out var its) || its != other)) break;
                    if (other is not null) left[peer].Dequeue();
                    left[rank].Dequeue();
                    moved = true;
                }
            }
        }

        left.ShouldAllBe(queue => queue.Count == 0);
    }

    /// <summary>A buffer is filled, used, and sent from before it is filled again; and there is one tensor for gradients.</summary>
    private static void CheckBuffers(JsonElement stage, int rank, int ranks, int microbatches)
    {
        string[] life =
        [
            .. rank > 0 ? ["RecvActivation"] : Array.Empty<string>(), .. rank == 0 || rank == ranks - 1 ? ["LoadMicroBatch"] : Array.Empty<string>(), "ForwardPass",
            .. rank < ranks - 1 ? ["SendActivation", "RecvGrad"] : Array.Empty<string>(), "BackwardPass", .. rank > 0 ? ["SendGrad"] : Array.Empty<string>(),
        ];
        var ages = new int[stage.GetProperty("num_pipe_buffers").GetInt32()];
        var lives = 0;
        int? gradient = null;
        foreach (var instruction in stage.GetProperty("steps").EnumerateArray().SelectMany(step => step.EnumerateArray()))
        {
            if (!instruction.TryGetProperty("buffer_id", out var id)) continue;
            ref var age = ref ages[id.GetInt32()];
            Name(instruction).ShouldBe(life[age]);
            age = (age + 1) % life.Length;
            if (age == 0) lives++;
            if (Name(instruction) == "RecvGrad")
            {
                gradient.ShouldBeNull();
                gradient = id.GetInt32();
            }

            if (Name(instruction) == "BackwardPass" && rank < ranks - 1)
            {
                gradient.ShouldBe(id.GetInt32());
                gradient = null;
            }
        }

        lives.ShouldBe(microbatches);
        ages.ShouldAllBe(age => age == 0);
    }

    private static Timeline Linear(Seed seed)
    {
        var random = new Random(seed.Item);
        var drawn = RandomProblems.Next(random, maxDevices: 4, maxMicrobatches: 8);
        var stages = drawn.Devices;
        StageValues Some(StageValues values) => StageValues.Each(Enumerable.Range(0, stages).Select(stage => values[stage]));
        var profile = drawn.Profile with
        {
            Pipeline = new() { Devices = stages, Microbatches = drawn.Microbatches },
            Times = drawn.Profile.Times with
            {
                Forward = Some(drawn.Profile.Times.Forward),
                BackwardInput = Some(drawn.Profile.Times.BackwardInput),
                BackwardWeight = Some(drawn.Profile.Times.BackwardWeight),
            },
            Memory = null,
        };
        var problem = Problem.Create(profile, drawn.Objective, splitBackward: false);
        return Replay.Run(LossesInTurn.Of(RandomSchedules.InOrder(Replay.Run(RandomOrders.Next(problem, random))).Schedule));
    }

    private static List<string> Told(JsonElement stage) =>
    [
        .. stage.GetProperty("steps").EnumerateArray().Select(step => string.Join(' ', step.EnumerateArray()
            .Select(instruction => Name(instruction) + (instruction.TryGetProperty("buffer_id", out var buffer) ? buffer.GetRawText() : "")))),
    ];

    private static string Name(JsonElement instruction) => instruction.GetProperty("name").GetString()!;
}
