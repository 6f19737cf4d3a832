using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using FsCheck.Xunit;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

/// <summary>The CSV is read back by the grammar of PyTorch's actions alone, sharing no code with the writer.</summary>
public partial class PyTorchFormatTests
{
    [GeneratedRegex(@"^(\d+)(F|I|B|W)(\d+)$")]
    private static partial Regex Action();

    [Fact]
    public void Rows_are_ranks_and_cells_are_stage_letter_microbatch()
    {
        var problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 1));
        Operation[] Split(int stage) => [Operation.Forward(stage, 0), Operation.BackwardInput(stage, 0), Operation.BackwardWeight(stage, 0)];
        var timeline = Replay.Run(Schedule.Of(problem, [Split(0), Split(1)]));

        // Rank 1 keeps its halves apart: fused, its gradient would reach rank 0 a unit later and the end with it.
        Text(timeline).ShouldBe("0F0,0B0\n1F0,1I0,1W0\n");
        Text(timeline, rank: 1).ShouldBe("1F0,1I0,1W0\n");
    }

    [Fact]
    public void Fused_backwards_stay_fused() =>
        Text(Worked.Of("1f1b")).Split('\n')[3].ShouldBe("3F0,3B0,3F1,3B1,3F2,3B2,3F3,3B3,3F4,3B4,3F5,3B5,3F6,3B6,3F7,3B7");

    [Fact]
    public void Fusing_where_it_costs_nothing_keeps_the_51_of_zero_bubble_v()
    {
        var timeline = Worked.Of("zb-v", "v", chunks: 2);
        ScheduleMetrics.Of(timeline).Makespan.ShouldBe(51);

        var rows = Parse(Text(timeline), timeline.Schedule.Problem);
        ScheduleMetrics.Of(Replay.Run(Schedule.Of(timeline.Schedule.Problem, rows))).Makespan.ShouldBe(51);
        rows[0].ShouldNotContain(operation => operation.Kind == OperationKind.BackwardWeight && HasInputBefore(rows[0], operation), "the first stage sends no gradient");
        // Fusing every pair side by side instead would cost 6 units.
        ScheduleMetrics.Of(Replay.Run(Schedule.Of(timeline.Schedule.Problem, [.. rows.Select(FuseAll)]))).Makespan.ShouldBeGreaterThan(51);
    }

    [Theory]
    [InlineData("zb-h1", Objective.Makespan, 27)]
    [InlineData("zb-h2", Objective.Span, 24)]
    public void Fusing_costs_published_schedules_nothing(string name, Objective objective, long expected)
    {
        var timeline = Worked.Of(name, objective: objective);
        var rows = Parse(Text(timeline), timeline.Schedule.Problem);
        var metrics = ScheduleMetrics.Of(Replay.Run(Schedule.Of(timeline.Schedule.Problem, rows)));
        timeline.Schedule.Problem.TimeScale.FromTicks(metrics.Objective).ShouldBe(expected);
        rows.SelectMany(row => row).ShouldContain(operation => operation.Kind == OperationKind.Backward);
    }

    [Theory]
    [InlineData("1.5B_p8_m24-linear-1x-makespan")]
    [InlineData("1.5B_p8_m24-linear-1x-span")]
    [InlineData("28.3B_p32_m256-linear-1x-makespan")]
    public void A_measured_profile_makes_a_sound_csv(string request)
    {
        var timeline = Worked.Of("zb-h1", StoredRequest.Read(request).Problem);
        var rows = Parse(Text(timeline), timeline.Schedule.Problem);

        CheckRules(rows, timeline.Schedule.Problem);
        ScheduleMetrics.Of(Replay.Run(Schedule.Of(timeline.Schedule.Problem, rows))).Objective
            .ShouldBeLessThanOrEqualTo(ScheduleMetrics.Of(timeline).Objective);
    }

    [Property(MaxTest = 400)]
    public void Any_schedule_is_complete_free_of_deadlock_and_as_good_as_before(Seed seed)
    {
        var timeline = RandomSchedules.InOrder(RandomSchedules.Draw(seed));
        var problem = timeline.Schedule.Problem;
        var rows = Parse(Text(timeline), problem);

        CheckRules(rows, problem);
        var read = Replay.Run(Schedule.Of(problem, rows));
        ScheduleMetrics.Of(read).Objective.ShouldBeLessThanOrEqualTo(ScheduleMetrics.Of(timeline).Objective);
        RendezvousCheck.FirstViolation(read.Graph, Lowering.Of(read)).ShouldBeNull();
        ScheduleMetrics.Of(read).PeakMemory.ShouldBe(ScheduleMetrics.Of(timeline).PeakMemory);
    }

    [Property(MaxTest = 300)]
    public void No_pair_is_left_that_could_have_been_fused_for_nothing(Seed seed)
    {
        var timeline = RandomSchedules.InOrder(RandomSchedules.Draw(seed, Objective.Makespan));
        var problem = timeline.Schedule.Problem;
        var rows = Parse(Text(timeline), problem);
        var best = ScheduleMetrics.Of(timeline).Objective;
        for (var rank = 0; rank < rows.Count; rank++)
        {
            for (var position = 1; position < rows[rank].Count; position++)
            {
                if (!IsPair(rows[rank], position)) continue;
                var more = rows.ToArray();
                more[rank] = [.. rows[rank][..(position - 1)], rows[rank][position] with { Kind = OperationKind.Backward }, .. rows[rank][(position + 1)..]];
                ScheduleMetrics.Of(Replay.Run(Schedule.Of(problem, more))).Objective.ShouldBeGreaterThan(best);
            }
        }
    }

    private static string Text(Timeline timeline, int? rank = null)
    {
        var format = InstructionFormatCatalogue.Find("pytorch").ShouldNotBeNull();
        format.WhyNot(timeline).ShouldBeNull();
        var output = new ArrayBufferWriter<byte>();
        format.Write(timeline, rank, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static List<List<Operation>> Parse(string csv, Problem problem)
    {
        csv.ShouldEndWith("\n");
        var rows = csv[..^1].Split('\n').Select(row => row.Split(',').Select(Read).ToList()).ToList();
        rows.Count.ShouldBe(problem.Devices);
        return rows;
    }

    private static Operation Read(string cell)
    {
        var match = Action().Match(cell);
        match.Success.ShouldBeTrue(cell);
        var kind = "FIWB".IndexOf(match.Groups[2].Value, StringComparison.Ordinal);
        return new Operation((OperationKind)kind, 0, int.Parse(match.Groups[1].Value), int.Parse(match.Groups[3].Value));
    }

    private static void CheckRules(List<List<Operation>> rows, Problem problem)
    {
        var seen = new Dictionary<Operation, (int Rank, int Position)>();
        for (var rank = 0; rank < rows.Count; rank++)
        {
            for (var position = 0; position < rows[rank].Count; position++)
            {
                var operation = rows[rank][position];
                problem.Placement.DeviceOf(0, operation.Stage).ShouldBe(rank);
                seen.TryAdd(operation, (rank, position)).ShouldBeTrue($"{operation} stands twice");
            }
        }

        for (var stage = 0; stage < problem.Stages; stage++)
        {
            for (var microbatch = 0; microbatch < problem.Microbatches; microbatch++)
            {
                var forward = seen[Operation.Forward(stage, microbatch)].Position;
                if (seen.TryGetValue(Operation.Backward(stage, microbatch), out var backward))
                {
                    forward.ShouldBeLessThan(backward.Position);
                    seen.ShouldNotContainKey(Operation.BackwardInput(stage, microbatch));
                    seen.ShouldNotContainKey(Operation.BackwardWeight(stage, microbatch));
                    continue;
                }

                forward.ShouldBeLessThan(seen[Operation.BackwardInput(stage, microbatch)].Position);
                seen[Operation.BackwardInput(stage, microbatch)].Position.ShouldBeLessThan(seen[Operation.BackwardWeight(stage, microbatch)].Position);
            }
        }
    }

    private static bool IsPair(List<Operation> row, int position) =>
        row[position - 1].Kind == OperationKind.BackwardInput && row[position] == row[position - 1] with { Kind = OperationKind.BackwardWeight };

    private static bool HasInputBefore(List<Operation> row, Operation weight) =>
        weight.Stage == 0 && row.IndexOf(weight) is > 0 and var position && IsPair(row, position);

    private static List<Operation> FuseAll(List<Operation> row)
    {
        var fused = new List<Operation>();
        for (var position = 0; position < row.Count; position++)
        {
            if (position > 0 && IsPair(row, position)) fused[^1] = row[position] with { Kind = OperationKind.Backward };
            else fused.Add(row[position]);
        }

        return fused;
    }
}
