using System.Globalization;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Features.Fill;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Tests.Operations;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Fill;

/// <summary>Work of no microbatch: where its pieces stand, what they wait for, and how much of it costs nothing.</summary>
public class FillTests
{
    [Fact]
    public void Pieces_wait_for_each_other_and_the_items_before_them_and_nothing_waits_for_them()
    {
        var problem = Of([Item("encoder", device: 0, count: 2), Item("decoder", device: 1) with { After = ["encoder"], Duration = 3, Splittable = 1.5m }]);
        var graph = OperationGraph.Build(problem);
        graph.WaitsOf(Piece(problem, 0, 0)).ShouldBeEmpty();
        graph.WaitsOf(Piece(problem, 0, 1)).ShouldBe([(Piece(problem, 0, 0), 0L)]);
        graph.WaitsOf(Piece(problem, 1, 0)).ShouldBe([(Piece(problem, 0, 1), 30L)], customMessage: "the message between the devices takes 3");
        graph.WaitsOf(Piece(problem, 1, 1)).ShouldBe([(Piece(problem, 1, 0), 0L)], customMessage: "each part is carried out by itself");
        graph.Durations[graph.IndexOf(Piece(problem, 1, 1))].ShouldBe(15);
        graph.DependentsOf(graph.IndexOf(Piece(problem, 1, 1))).IsEmpty.ShouldBeTrue();
        graph.Operations.ToArray().Count(operation => operation.Kind == OperationKind.Fill).ShouldBe(4);
    }

    [Theory]
    [InlineData(0, null, 6, 33 + 6)]
    [InlineData(3, null, 8, 33 + 4)]
    [InlineData(0, "1", 9, 33 + 3)]
    [InlineData(3, "1", 9, 33 + 3)]
    public void Six_pieces_of_2_find_the_gaps_of_one_forward_one_backward(int device, string? part, int free, int makespan)
    {
        var item = Item("encoder", device, count: 6) with { Splittable = part is null ? null : decimal.Parse(part, CultureInfo.InvariantCulture) };
        var problem = Filled([item]);
        var timeline = Replay.Run(FamilyCatalogue.Find("1f1b")!.ScheduleOf(problem));
        Verifier.Check(problem, TimedOperation.DevicesOf(timeline)).ShouldBeEmpty();
        var filled = FilledBubbles.Of(timeline)!;
        (filled.Work[device], filled.Free[device], filled.Without).ShouldBe((12, free, 33));
        problem.TimeScale.FromTicks(ScheduleMetrics.Of(timeline).Makespan).ShouldBe(makespan);
    }

    [Fact]
    public void A_family_keeps_its_times_and_the_span_of_a_device_begins_with_its_first_operation()
    {
        foreach (var objective in Enum.GetValues<Objective>())
        {
            var problem = Filled([Item("one", 3, count: 1), Item("two", 3, count: 3) with { After = ["one"] }], objective);
            foreach (var family in FamilyCatalogue.Admitted(problem))
            {
                var timeline = Replay.Run(family.ScheduleOf(problem));
                var without = Filled(null, objective);
                var alone = Replay.Run(family.ScheduleOf(without));
                foreach (var operation in alone.Graph.Operations)
                {
                    if (objective == Objective.Makespan)
                        timeline.StartOf(timeline.Graph.IndexOf(operation)).ShouldBe(alone.StartOf(alone.Graph.IndexOf(operation)), family.Name);
                }

                if (objective == Objective.Span) timeline.Schedule.OperationsOn(3).First().Kind.ShouldBe(OperationKind.Forward, family.Name);
            }
        }
    }

    [Fact]
    public void What_is_broken_is_told()
    {
        var problem = Of([Item("encoder", device: 0, count: 2), Item("decoder", device: 1) with { After = ["encoder"] }]);
        var devices = DevicesOf(problem);
        Verifier.Check(problem, devices).ShouldBeEmpty();

        Told(0, timed => timed.Where(each => each.Operation != Piece(problem, 0, 1))).ShouldBe("The fill of encoder, piece 1 is missing.");
        Told(0, timed => [.. timed, timed.Last(each => each.Operation.Item is not null)]).ShouldBe("The fill of encoder, piece 1 stands twice.");
        foreach (var stage in new[] { 0, 1 })
        {
            Told(1, timed => [.. timed, new TimedOperation(Piece(problem, 0, 0) with { Stage = stage }, 99, 101)])
                .ShouldStartWith("The fill of encoder, piece 0 belongs to device 0.");
        }

        Told(0, timed => [.. timed, new TimedOperation(Piece(problem, 0, 0) with { Microbatch = 2 }, 99, 101)])
            .ShouldBe("The fill of encoder, piece 2 does not exist in this problem.");
        Told(0, timed => [.. timed, new TimedOperation(Piece(problem, 0, 0) with { Item = "other" }, 99, 101)])
            .ShouldBe("The fill of other, piece 0 does not exist in this problem.");
        Told(1, timed => Moved(timed, Piece(problem, 1, 0), -1)).ShouldStartWith("The fill of decoder, piece 0 starts at ");
        Told(0, timed => Moved(timed, Piece(problem, 0, 0), 1)).ShouldContain("The fill of encoder, piece 1 starts at ");

        string Told(int device, Func<TimedOperation[], IEnumerable<TimedOperation>> spoilt)
        {
            var changed = devices.Select((timed, index) => (IReadOnlyList<TimedOperation>)(index == device ? [.. spoilt(timed)] : timed)).ToList();
            return string.Join(" ", Verifier.Check(problem, changed).Select(violation => violation.Message));
        }

        static IEnumerable<TimedOperation> Moved(TimedOperation[] timed, Operation piece, long by) =>
            timed.Select(each => each.Operation == piece ? each with { Start = each.Start + by, End = each.End + by } : each);
    }

    [Fact]
    public void Stored_orders_read_back()
    {
        var problem = Of([Item("encoder", device: 0, count: 5), Item("decoder", device: 0) with { After = ["encoder"] }]);
        var schedule = FamilyCatalogue.Find("1f1b")!.ScheduleOf(problem);
        OrderCodec.Decode(problem, OrderCodec.Encode(schedule)).OperationsOn(0).ShouldBe(schedule.OperationsOn(0));
    }

    [Theory]
    [InlineData(2, 3 + 24 + 12)]
    [InlineData(1, 2 + 24 + 12)]
    [InlineData(0, 24 + 12)]
    public void A_head_that_pieces_come_too_late_for_is_idle(int piecesBefore, long least)
    {
        FillItem[] before = piecesBefore == 0 ? [] : [Item("text", 1, piecesBefore)];
        var problem = Filled([.. before, Item("image", 3, count: 6) with { After = [.. before.Select(item => item.Name)] }]);
        var bound = BoundCatalogue.Best(problem);
        (problem.TimeScale.FromTicks(bound.Ticks), bound.Name).ShouldBe((least, "fill"));
    }

    [Fact]
    public void No_bound_exceeds_the_optimum_of_every_order()
    {
        var random = new Random(20_261_131);
        var (solved, exact) = (0, 0);
        for (var draw = 0; draw < 150; draw++)
        {
            var drawn = SmallProblems.Draw(random);
            if (drawn.Stages > 2 || drawn.Microbatches > 2) continue;
            var problem = Problem.Create(drawn.Profile with { Fill = RandomFill.Next(random, drawn.Devices) }, drawn.Objective, drawn.SplitBackward);
            if (ExhaustiveSearch.Solve(problem, limitOfNodes: 4_000) is not { } search) continue;
            foreach (var bound in BoundCatalogue.All) (bound.Ticks(problem) ?? 0).ShouldBeLessThanOrEqualTo(search.Optimum, $"case {draw}, {bound.Name}");
            (solved, exact) = (solved + 1, exact + (BoundCatalogue.Best(problem).Ticks == search.Optimum ? 1 : 0));
        }

        solved.ShouldBeGreaterThan(20);
        exact.ShouldBeGreaterThan(solved / 3);
    }

    private static TimedOperation[][] DevicesOf(Problem problem) =>
        [.. TimedOperation.DevicesOf(Replay.Run(FamilyCatalogue.Find("1f1b")!.ScheduleOf(problem))).Select(device => device.ToArray())];

    private static Problem Of(FillWork fill) => Problem.Create(Shape.Profile(devices: 2, microbatches: 1, communication: 3) with { Fill = fill });

    /// <summary>1F1B on four devices with eight microbatches, a forward of 1 and a backward of 2.</summary>
    private static Problem Filled(FillWork? fill, Objective objective = Objective.Makespan) => Problem.Create(
        new Profile
        {
            Pipeline = new() { Devices = 4, Microbatches = 8 },
            Times = new() { Forward = 1, BackwardInput = 1, BackwardWeight = 1 },
            Fill = fill,
        },
        objective,
        splitBackward: false);

    private static FillItem Item(string name, int device, int count = 1) => new() { Name = name, Duration = 2, Count = count, Device = device };

    private static Operation Piece(Problem problem, int item, int number) => problem.Fill[item].Piece(problem, number);
}
