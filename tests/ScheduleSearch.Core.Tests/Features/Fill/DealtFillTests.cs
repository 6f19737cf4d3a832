using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Features.Fill;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Fill;

/// <summary>Work in bubbles that goes to any device.</summary>
public class DealtFillTests
{
    [Fact]
    public void Each_piece_goes_to_the_device_that_has_least_to_do()
    {
        var problem = Of([Named("named", 1, count: 4), Any("any", count: 7), Named("after", 2) with { After = ["any"] }]);
        problem.Fill.Where(item => item.Name == "any").Select(item => (item.Device, item.First, item.Count)).ShouldBe([(0, 0, 3), (2, 3, 2), (3, 5, 2)]);
        var graph = OperationGraph.Build(problem);
        Operation[] pieces = [.. graph.Operations.ToArray().Where(operation => operation.Item == "any")];
        pieces.Select(piece => (piece.Microbatch, graph.LaneOf[graph.IndexOf(piece)])).ShouldBe([(0, 0), (1, 0), (2, 0), (3, 2), (4, 2), (5, 3), (6, 3)]);
        graph.DependenciesOf(graph.IndexOf(pieces[3])).IsEmpty.ShouldBeTrue("what another device does of the item does not come before");
        var after = graph.Operations.ToArray().Single(operation => operation.Item == "after");
        graph.DependenciesOf(graph.IndexOf(after)).ToArray().Select(dependency => (graph.Operations[dependency.Operation].Microbatch, dependency.Lag))
            .ShouldBe([(2, 5L), (4, 0L), (6, 5L)], ignoreOrder: true);
    }

    [Fact]
    public void Families_put_the_pieces_into_the_bubbles_of_all_devices_and_stored_orders_read_back()
    {
        var problem = Of([Any("encoder", count: 12)]);
        foreach (var family in FamilyCatalogue.Admitted(problem))
        {
            var schedule = family.ScheduleOf(problem);
            Verifier.Check(problem, TimedOperation.DevicesOf(Replay.Run(schedule))).ShouldBeEmpty(family.Name);
            var read = OrderCodec.Decode(problem, OrderCodec.Encode(schedule));
            for (var device = 0; device < problem.Devices; device++) read.OperationsOn(device).ShouldBe(schedule.OperationsOn(device));
        }
    }

    /// <summary>Every way to deal the pieces out is a problem of named devices: none may beat what is proved of them all.</summary>
    [Fact]
    public void No_bound_exceeds_the_optimum_of_any_dealing()
    {
        var (random, solved) = (new Random(31), 0);
        for (var draw = 0; draw < 2000 && solved < 25; draw++)
        {
            var drawn = SmallProblems.Draw(random);
            var fill = RandomFill.Next(random, drawn.Devices, any: true);
            if (drawn.Stages > 2 || drawn.Microbatches > 2 || fill.All(item => item.Device is not null) || fill.Sum(RandomFill.PartsOf) > 4) continue;
            var problem = Problem.Create(drawn.Profile with { Fill = fill }, drawn.Objective, drawn.SplitBackward);
            var bounds = BoundCatalogue.All.Select(bound => (bound.Name, Time: problem.TimeScale.FromTicks(bound.Ticks(problem) ?? 0))).ToList();
            foreach (var dealt in RandomFill.Dealings(fill, drawn.Devices))
            {
                var named = Problem.Create(drawn.Profile with { Fill = dealt }, drawn.Objective, drawn.SplitBackward);
                if (ExhaustiveSearch.Solve(named, limitOfNodes: 4_000) is not { } search) continue;
                foreach (var (name, time) in bounds) time.ShouldBeLessThanOrEqualTo(named.TimeScale.FromTicks(search.Optimum), $"draw {draw}, {name}");
                solved++;
            }
        }

        solved.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Work_that_fills_all_idle_time_and_more_is_bounded_by_what_all_devices_have_to_do()
    {
        var bound = BoundCatalogue.Best(Of([Any("encoder", count: 60)]));
        // 24 on each of four devices and 120 dealt out.
        (bound.Ticks / 10, bound.Name).ShouldBe((24 + 30, "fill"));
    }

    private static Problem Of(FillWork fill) => Problem.Create(
        new Profile
        {
            Pipeline = new() { Devices = 4, Microbatches = 8 },
            Times = new() { Forward = 1, BackwardInput = 1, BackwardWeight = 1, Communication = 0.5m },
            Fill = fill,
        });

    private static FillItem Any(string name, int count = 1) => new() { Name = name, Duration = 2, Count = count, Device = null };

    private static FillItem Named(string name, int device, int count = 1) => new() { Name = name, Duration = 2, Count = count, Device = device };
}
