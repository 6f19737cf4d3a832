using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Features.Optimizer;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Tests.Operations;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Optimizer;

/// <summary>When stages step, and what post-validation asks of the next iteration's beginning.</summary>
public class OptimizerTests
{
    [Fact]
    public void Without_post_validation_a_stage_steps_after_the_gradients_of_all()
    {
        var graph = OperationGraph.Build(Of(new() { Step = 2 }));
        graph.WaitsOf(Step(0)).ShouldBe([(Operation.BackwardWeight(0, 0), 0L), (Operation.BackwardWeight(1, 0), 0L)], ignoreOrder: true);
        graph.Durations[graph.IndexOf(Step(1))].ShouldBe(2);
        graph.IndexOf(Word(0)).ShouldBe(-1);
    }

    [Fact]
    public void With_it_a_stage_steps_after_its_own_and_word_comes_from_the_last_device()
    {
        var graph = OperationGraph.Build(Of(new() { Step = 2, PostValidation = true }));
        graph.WaitsOf(Step(0)).ShouldBe([(Operation.BackwardWeight(0, 0), 0L)]);
        graph.WaitsOf(Word(1)).ShouldBeEmpty();
        graph.WaitsOf(Word(0)).ShouldBe([(Word(1), 3L)]);
        graph.WaitsOf(Operation.BackwardInput(1, 0)).ShouldBe([(Operation.Forward(1, 0), 0L), (Word(1), 0L)], ignoreOrder: true);
        graph.WaitsOf(Operation.Forward(1, 0)).ShouldBe([(Operation.Forward(0, 0), 3L)], customMessage: "forwards of a device's first stage wait for no word");
    }

    [Fact]
    public void Forwards_of_other_stages_of_a_device_wait_for_its_word()
    {
        var problem = Problem.Create(Shape.Profile(devices: 1, microbatches: 1, chunks: 2, "v") with { Optimizer = new() { Step = 1, PostValidation = true } });
        OperationGraph.Build(problem).WaitsOf(Operation.Forward(1, 0)).ShouldBe([(Operation.Forward(0, 0), 0L), (Word(0), 0L)], ignoreOrder: true);
    }

    [Theory]
    [InlineData(false, 27 + 3)]
    [InlineData(true, 24 + 3)]
    public void The_span_of_a_run_is_what_its_optimizer_lets_it_be(bool postValidation, long span)
    {
        var profile = Shape.Profile(devices: 4, microbatches: 8) with { Optimizer = new() { Step = 3, PostValidation = postValidation } };
        var problem = Problem.Create(profile, Objective.Span);
        var metrics = ScheduleMetrics.Of(Replay.Run(FamilyCatalogue.Find("zb-h2")!.ScheduleOf(problem)));
        problem.TimeScale.FromTicks(metrics.Span).ShouldBe(span);
        BoundCatalogue.Best(problem).Ticks.ShouldBeLessThanOrEqualTo(metrics.Span);
        if (postValidation) BoundCatalogue.Best(problem).Ticks.ShouldBe(metrics.Span);
    }

    [Fact]
    public void A_step_before_the_last_gradient_and_a_backward_before_word_are_told()
    {
        var early = Timed(new() { Step = 1 }, Step(0), -1);
        early.ShouldBe(["The optimizerStep of stage 0, microbatch 0 starts at 10; its gradients from stage 0 is there at 11."]);
        var problem = Of(new() { Step = 1, PostValidation = true });
        var devices = DevicesOf(problem);
        devices[0] = [.. devices[0].Select(timed => timed.Operation == Word(0) ? timed with { Start = 6, End = 6 } : timed)];
        Verifier.Check(problem, devices).Where(violation => violation.Rule == "dependency").Select(violation => violation.Message)
            .ShouldBe(["The postValidation of stage 0, microbatch 0 starts at 6; its word of the last step from stage 1 is there at 8."]);
    }

    [Theory]
    [InlineData(OperationKind.OptimizerStep)]
    [InlineData(OperationKind.PostValidation)]
    public void What_is_missing_is_told(OperationKind kind)
    {
        var problem = Of(new() { Step = 1, PostValidation = true });
        var devices = DevicesOf(problem);
        devices[1] = [.. devices[1].Where(timed => timed.Operation.Kind != kind)];
        Verifier.Check(problem, devices).ShouldContain(new Violation("completeness", 1, -1, $"The {new Operation(kind, 0, 1, 0)} is missing."));
    }

    [Fact]
    public void No_bound_exceeds_the_optimum_of_every_order()
    {
        var random = new Random(20_261_130);
        var (solved, exact) = (0, 0);
        for (var draw = 0; draw < 120; draw++)
        {
            var drawn = SmallProblems.Draw(random);
            if (drawn.Stages > 2 || drawn.Microbatches > 2) continue;
            var optimizer = new OptimizerSteps { Step = random.Next(4), PostValidation = random.Chance(50) };
            var problem = Problem.Create(drawn.Profile with { Optimizer = optimizer }, drawn.Objective, drawn.SplitBackward);
            if (ExhaustiveSearch.Solve(problem, limitOfNodes: 2_000) is not { } search) continue;
            foreach (var bound in BoundCatalogue.All) (bound.Ticks(problem) ?? 0).ShouldBeLessThanOrEqualTo(search.Optimum, $"case {draw}, {bound.Name}");
            (solved, exact) = (solved + 1, exact + (BoundCatalogue.Best(problem).Ticks == search.Optimum ? 1 : 0));
        }

        solved.ShouldBeGreaterThan(30);
        exact.ShouldBeGreaterThan(solved / 3);
    }

    private static List<string> Timed(OptimizerSteps optimizer, Operation operation, long moved)
    {
        var problem = Of(optimizer);
        var devices = DevicesOf(problem);
        Verifier.Check(problem, devices).ShouldBeEmpty();
        devices[0] =
        [
            .. devices[0].Select(timed => timed.Operation == operation ? timed with { Start = timed.Start + moved, End = timed.End + moved } : timed),
        ];
        return [.. Verifier.Check(problem, devices).Where(violation => violation.Rule == "dependency").Select(violation => violation.Message)];
    }

    private static TimedOperation[][] DevicesOf(Problem problem)
    {
        var timeline = Replay.Run(FamilyCatalogue.Find("zb-h1")!.ScheduleOf(problem));
        return [.. TimedOperation.DevicesOf(timeline).Select(device => device.ToArray())];
    }

    private static Problem Of(OptimizerSteps optimizer) =>
        Problem.Create(Shape.Profile(devices: 2, microbatches: 1, communication: 3) with { Optimizer = optimizer });

    private static Operation Step(int stage) => new(OperationKind.OptimizerStep, 0, stage, 0);

    private static Operation Word(int device) => new(OperationKind.PostValidation, 0, device, 0);
}
