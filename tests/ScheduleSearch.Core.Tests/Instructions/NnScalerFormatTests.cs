using System.Text.Json;
using FsCheck.Xunit;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

public class NnScalerFormatTests
{
    [Fact]
    public void Blocks_are_listed_by_step()
    {
        var json = Streams.Json("nnscaler", Worked.Of("1f1b", Problem.Create(Shape.Profile(devices: 2, microbatches: 2))));
        json.GetProperty("blocks").EnumerateArray().Select(block => block.GetRawText()).ShouldBe(
        [
            """{"stage":0,"mirror":false,"microbatch":0,"step":0,"span":1}""",
            """{"stage":0,"mirror":false,"microbatch":1,"step":1,"span":1}""",
            """{"stage":1,"mirror":false,"microbatch":0,"step":1,"span":1}""",
            """{"stage":1,"mirror":true,"microbatch":0,"step":2,"span":1}""",
            """{"stage":0,"mirror":true,"microbatch":0,"step":3,"span":1}""",
            """{"stage":1,"mirror":false,"microbatch":1,"step":3,"span":1}""",
            """{"stage":1,"mirror":true,"microbatch":1,"step":4,"span":1}""",
            """{"stage":0,"mirror":true,"microbatch":1,"step":5,"span":1}""",
        ]);
    }

    [Property(MaxTest = 300)]
    public FsCheck.Property Any_plan_keeps_the_rules_of_a_schedule_plan(Seed seed)
    {
        var timeline = RandomSchedules.InOrder(RandomSchedules.Draw(seed));
        if (InstructionFormatCatalogue.Find("nnscaler")!.WhyNot(timeline) is not null) return DrawnCase.SetAside;
        var problem = timeline.Schedule.Problem;
        var blocks = Streams.Json("nnscaler", timeline).GetProperty("blocks").EnumerateArray().ToDictionary(
            block => (Stage: Int(block, "stage"), IsMirror: block.GetProperty("mirror").GetBoolean(), Microbatch: Int(block, "microbatch")),
            block => (Step: Int(block, "step"), Span: Int(block, "span")));
        blocks.Count.ShouldBe(2 * problem.Stages * problem.Microbatches);
        foreach (var ((stage, isMirror, microbatch), (step, span)) in blocks)
        {
            // nnScaler loads a microbatch at the last step of its block.
            span.ShouldBe(1);
            // Communication takes place after the producer's last step.
            if (stage < problem.Stages - 1) blocks[(stage + (isMirror ? 0 : 1), isMirror, microbatch)].Step.ShouldBeGreaterThan(isMirror ? LastStep(stage + 1, true, microbatch) : step + span - 1);
            if (isMirror) step.ShouldBeGreaterThan(LastStep(stage, false, microbatch));
        }

        for (var device = 0; device < problem.Devices; device++)
        {
            var mine = blocks.Where(block => problem.Placement.DeviceOf(0, block.Key.Stage) == device).OrderBy(block => block.Value.Step).ToList();
            for (var index = 1; index < mine.Count; index++) mine[index].Value.Step.ShouldBeGreaterThanOrEqualTo(mine[index - 1].Value.Step + mine[index - 1].Value.Span);
            mine.Select(block => (block.Key.Stage, block.Key.Microbatch)).ShouldBe(
                timeline.Schedule.OperationsOn(device).Where(operation => operation.Kind != OperationKind.BackwardWeight).Select(operation => (operation.Stage, operation.Microbatch)));
        }

        return DrawnCase.Checked;

        int LastStep(int stage, bool isMirror, int microbatch) => blocks[(stage, isMirror, microbatch)].Step + blocks[(stage, isMirror, microbatch)].Span - 1;
    }

    private static int Int(JsonElement block, string member) => block.GetProperty(member).GetInt32();
}
