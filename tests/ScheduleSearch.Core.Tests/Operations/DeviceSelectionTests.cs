using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Tests.Features.Links;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Operations;

public class DeviceSelectionTests
{
    [Fact]
    public void What_is_left_out_becomes_lags()
    {
        var problem = Problem.Create(Shape.Profile(3, 1, forward: 2, backwardInput: 3, backwardWeight: 5, communication: 1));
        var kept = DeviceSelection.Keep(OperationGraph.Build(problem), new HashSet<int> { 1 });
        kept.Count.ShouldBe(3);
        var forward = kept.IndexOf(Operation.Forward(1, 0));
        var backward = kept.IndexOf(Operation.BackwardInput(1, 0));
        var weight = kept.IndexOf(Operation.BackwardWeight(1, 0));
        kept.Heads[forward].ShouldBe(2 + 1);
        kept.DependenciesOf(backward).ToArray().ShouldBe([new Dependency(forward, 1 + 2 + 3 + 1)]);
        kept.DependenciesOf(weight).ToArray().ShouldBe([new Dependency(backward, 0)]);
        kept.Tails[backward].ShouldBe(1 + 3 + 5);
        kept.Tails[weight].ShouldBe(0);
    }

    [Fact]
    public void Ways_to_and_from_what_is_kept_stay_as_long_as_they_were()
    {
        var random = new Random(11);
        for (var draw = 0; draw < 300; draw++)
        {
            var problem = RandomProblems.Next(random, maxMicrobatches: 3);
            var whole = OperationGraph.Build(problem);
            var devices = Enumerable.Range(0, problem.Devices).Where(_ => random.Chance(50)).ToHashSet();
            var kept = DeviceSelection.Keep(whole, devices);
            kept.Count.ShouldBe(Enumerable.Range(0, whole.Count).Count(operation => devices.Contains(whole.DeviceOf(operation))));
            var (heads, tails) = Ways(whole);
            var (keptHeads, keptTails) = Ways(kept);
            for (var operation = 0; operation < kept.Count; operation++)
            {
                var same = whole.IndexOf(kept.Operations[operation]);
                (keptHeads[operation], keptTails[operation]).ShouldBe((heads[same], tails[same]), $"case {draw}");
                (kept.LaneOf[operation], kept.Acquired[operation], kept.Released[operation])
                    .ShouldBe((whole.LaneOf[same], whole.Acquired[same], whole.Released[same]));
            }
        }
    }

    [Fact]
    public void All_devices_make_the_same_graph()
    {
        var whole = OperationGraph.Build(Problem.Create(Shape.Profile(2, 3, chunks: 2, placement: "v")));
        var kept = DeviceSelection.Keep(whole, new HashSet<int> { 0, 1 });
        kept.Operations.ToArray().ShouldBe(whole.Operations.ToArray());
        for (var operation = 0; operation < whole.Count; operation++)
            kept.DependenciesOf(operation).ToArray().ShouldBe(whole.DependenciesOf(operation).ToArray(), ignoreOrder: true);
        kept.Heads.ToArray().ShouldAllBe(head => head == 0);
        kept.Tails.ToArray().ShouldAllBe(tail => tail == 0);
    }

    [Fact]
    public void Links_of_what_is_left_out_become_lags_and_those_of_what_is_kept_stay()
    {
        var problem = Linked.Problem(devices: 3, microbatches: 2);
        var kept = DeviceSelection.Keep(OperationGraph.Build(problem), new HashSet<int> { 1 });
        kept.Operations.ToArray().Select(operation => operation.Stage).ShouldAllBe(stage => stage == 1);
        Linked.MessagesByLane(kept).Where(lane => lane.Value.Length > 0).Select(lane => lane.Key).ShouldBe(["1 link to 0", "1 link to 2"]);
        kept.Heads[kept.IndexOf(Operation.Forward(1, 0))].ShouldBe(1 + 3);
    }

    [Fact]
    public void What_is_on_no_lane_becomes_a_lag_and_every_order_keeps_its_times()
    {
        var problem = Problem.Create(Shape.Profile(3, 4), features: FeatureCatalogue.Default.With(new BarrierFeature(ticks: 3)));
        var whole = OperationGraph.Build(problem);
        whole.LaneOf[whole.IndexOf(BarrierFeature.Barrier)].ShouldBe(OperationGraph.NoLane);
        var kept = OperationGraph.BuildOnLanes(problem, OperationSelection.Finest(problem));
        (kept.Count, kept.Whole!.Count).ShouldBe((whole.Count - 1, whole.Count));
        for (var draw = 0; draw < 20; draw++)
        {
            var schedule = RandomOrders.Next(kept, new Random(draw));
            var (alone, together) = (Replay.Run(schedule), Replay.Run(schedule.OnWhole()));
            foreach (var operation in kept.Operations) alone.StartOf(kept.IndexOf(operation)).ShouldBe(together.StartOf(whole.IndexOf(operation)));
        }

        kept.Tails.ToArray().ShouldAllBe(tail => tail == 0);
        var plain = Problem.Create(Shape.Profile(3, 4));
        OperationGraph.BuildOnLanes(plain, OperationSelection.Finest(plain)).Whole.ShouldBeNull();
    }

    [Fact]
    public void What_is_not_on_a_compute_lane_becomes_a_lag()
    {
        var plain = OperationGraph.Build(Problem.Create(Shape.Profile(3, 4)));
        DeviceSelection.KeepCompute(plain).ShouldBeSameAs(plain);

        var barred = OperationGraph.Build(Problem.Create(Shape.Profile(3, 4), features: FeatureCatalogue.Default.With(new BarrierFeature(ticks: 3))));
        (DeviceSelection.KeepCompute(barred).Count, DeviceSelection.KeepCompute(barred).Lanes.Count).ShouldBe((barred.Count - 1, 3));

        var linked = OperationGraph.Build(Linked.Problem(devices: 2, microbatches: 2));
        var computed = DeviceSelection.KeepCompute(linked);
        (computed.Count, computed.Lanes.Count).ShouldBe((linked.Count - 4, 2));
        computed.Operations.ToArray().ShouldAllBe(operation => operation.Facts.Lane == LaneKind.Compute);
    }

    /// <summary>The longest ways to the start and from the end of each operation.</summary>
    private static (long[] Heads, long[] Tails) Ways(OperationGraph graph)
    {
        var (heads, tails) = (graph.Heads.ToArray(), graph.Tails.ToArray());
        for (var operation = 0; operation < graph.Count; operation++)
        {
            foreach (var (earlier, lag) in graph.DependenciesOf(operation))
                heads[operation] = Math.Max(heads[operation], heads[earlier] + graph.Durations[earlier] + lag);
        }

        for (var operation = graph.Count - 1; operation >= 0; operation--)
        {
            foreach (var (later, lag) in graph.DependentsOf(operation))
                tails[operation] = Math.Max(tails[operation], lag + graph.Durations[later] + tails[later]);
        }

        return (heads, tails);
    }
}
