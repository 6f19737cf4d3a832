using System.Text.Json;
using FsCheck.Xunit;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

public class JaxppFormatTests
{
    [Fact]
    public void Tasks_are_listed_by_mpmd_index()
    {
        var json = Streams.Json("jaxpp", Worked.Of("1f1b", Problem.Create(Shape.Profile(devices: 2, microbatches: 2))));
        json.GetProperty("is_partial_bwd").GetBoolean().ShouldBeFalse();
        json.GetProperty("tasks")[1].EnumerateArray().Select(task => task.GetRawText()).ShouldBe(
        [
            """{"stage_id":1,"mubatch_idx":0,"task_type":"FWD"}""", """{"stage_id":1,"mubatch_idx":0,"task_type":"BWD"}""",
            """{"stage_id":1,"mubatch_idx":1,"task_type":"FWD"}""", """{"stage_id":1,"mubatch_idx":1,"task_type":"BWD"}""",
        ]);
    }

    [Fact]
    public void The_halves_of_the_first_stage_stand_side_by_side()
    {
        var tasks = Streams.Json("jaxpp", Worked.Of("zb-h1")).GetProperty("tasks")[0].EnumerateArray().Select(task => task.GetProperty("task_type").GetString()).ToList();
        for (var position = 0; position < tasks.Count; position++)
        {
            if (tasks[position] == "BWD_I") tasks[position + 1].ShouldBe("BWD_W");
        }
    }

    [Fact]
    public void Halves_apart_are_brought_together_only_where_that_costs_nothing()
    {
        var alone = Problem.Create(Shape.Profile(devices: 1, microbatches: 2));
        Operation[] apart =
        [
            Operation.Forward(0, 0), Operation.Forward(0, 1), Operation.BackwardInput(0, 0), Operation.BackwardInput(0, 1),
            Operation.BackwardWeight(0, 0), Operation.BackwardWeight(0, 1),
        ];
        Streams.Json("jaxpp", Replay.Run(Schedule.Of(alone, [apart]))).GetProperty("tasks")[0].EnumerateArray().Select(task => task.GetProperty("task_type").GetString())
            .ShouldBe(["FWD", "FWD", "BWD_I", "BWD_W", "BWD_I", "BWD_W"]);

        // Rank 1 waits for the second forward of rank 0, which a weight gradient before it would delay.
        var pair = Problem.Create(Shape.Profile(devices: 2, microbatches: 2));
        var timeline = Replay.Run(Schedule.Of(pair,
        [
            [
                Operation.Forward(0, 0), Operation.BackwardInput(0, 0), Operation.Forward(0, 1), Operation.BackwardWeight(0, 0),
                Operation.BackwardInput(0, 1), Operation.BackwardWeight(0, 1),
            ],
            [
                Operation.Forward(1, 0), Operation.BackwardInput(1, 0), Operation.BackwardWeight(1, 0),
                Operation.Forward(1, 1), Operation.BackwardInput(1, 1), Operation.BackwardWeight(1, 1),
            ],
        ]));
        Streams.Refusal("jaxpp", timeline).Member.ShouldBe("$.options.splitBackward");
    }

    [Property(MaxTest = 200)]
    public FsCheck.Property Tasks_read_back_as_an_order_that_is_no_worse(Seed seed)
    {
        var timeline = RandomSchedules.Draw(seed);
        if (InstructionFormatCatalogue.Find("jaxpp")!.WhyNot(timeline) is not null) return DrawnCase.SetAside;
        var json = Streams.Json("jaxpp", timeline);
        var orders = json.GetProperty("tasks").EnumerateArray().Select(tasks => tasks.EnumerateArray().Select(Read).ToList()).ToList();
        var read = Replay.Run(Schedule.Of(timeline.Schedule.Problem, orders));
        ScheduleMetrics.Of(read).Objective.ShouldBeLessThanOrEqualTo(ScheduleMetrics.Of(timeline).Objective);
        json.GetProperty("is_partial_bwd").GetBoolean().ShouldBe(orders.Any(order => order.Any(operation => operation.Kind == OperationKind.BackwardInput)));
        if (json.GetProperty("is_partial_bwd").GetBoolean()) orders.ShouldAllBe(order => order.All(operation => operation.Kind != OperationKind.Backward));
        return DrawnCase.Checked;
    }

    private static Operation Read(JsonElement task) => new(
        task.GetProperty("task_type").GetString() switch
        {
            "FWD" => OperationKind.Forward,
            "BWD_I" => OperationKind.BackwardInput,
            "BWD_W" => OperationKind.BackwardWeight,
            _ => OperationKind.Backward,
        },
        0,
        task.GetProperty("stage_id").GetInt32(),
        task.GetProperty("mubatch_idx").GetInt32());
}
