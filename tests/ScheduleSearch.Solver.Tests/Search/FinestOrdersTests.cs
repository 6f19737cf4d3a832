using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Solver.Tests.Search;

/// <summary>Orders on their way to a finest graph and back: nothing gets lost, and nothing later.</summary>
public class FinestOrdersTests
{
    [Fact]
    public void As_they_are_orders_keep_their_value_and_what_they_hold() => RealCases.ShouldBeAtLeast(least: 200, draws: 200, random =>
    {
        var schedule = RandomOrders.Next(RandomProblems.NextFeatured(random), random);
        var finest = new FinestOrders(GraphOf(schedule));
        finest.Pairs(schedule).ShouldBeEmpty();
        var same = new Schedule(GraphOf(schedule), finest.AsTheyAre(schedule));
        // Splitting a whole backward lets the input gradient be handed on earlier.
        Objective(same).ShouldBeLessThanOrEqualTo(Objective(schedule));
        same.FitsMemory().ShouldBeTrue();
        ShouldBeValid(same);
        return true;
    });

    [Fact]
    public void In_turn_whole_microbatches_are_no_later_and_every_chain_is_in_turn() => RealCases.ShouldBeAtLeast(least: 90, draws: 200, random =>
    {
        var schedule = RandomOrders.Next(RandomProblems.NextFeatured(random), random);
        if (schedule.Problem.SliceCount > 1 || schedule.Problem.HasUnequalMicrobatches) return false;
        var graph = GraphOf(schedule);
        var orders = new FinestOrders(graph).InTurn(schedule);
        var inTurn = new Schedule(graph, orders);
        Objective(inTurn).ShouldBeLessThanOrEqualTo(Objective(schedule));
        ShouldBeValid(inTurn);
        foreach (var chain in orders.SelectMany(order => order.GroupBy(operation => graph.Operations[operation].Chain)))
            chain.Select(operation => graph.Operations[operation].Turn).ShouldBe(chain.Select(operation => graph.Operations[operation].Turn).Order());
        return true;
    });

    [Fact]
    public void Pairs_come_back_as_they_were() => RealCases.ShouldBeAtLeast(least: 30, draws: 60, random =>
    {
        var problem = PairedProblems.Next(random);
        var paired = 0;
        foreach (var schedule in FamilyCatalogue.Admitted(problem).Select(family => family.ScheduleOf(problem)))
        {
            var finest = new FinestOrders(GraphOf(schedule));
            var pairs = finest.Pairs(schedule);
            pairs.Length.ShouldBe(schedule.Graph.Operations.ToArray().Count(operation => operation.BeginsPair));
            if (pairs.Length == 0) continue;
            paired++;
            var back = finest.Paired(finest.AsTheyAre(schedule), pairs);
            Objective(back).ShouldBeLessThanOrEqualTo(Objective(schedule));
            back.Graph.Operations.ToArray().Count(operation => operation.BeginsPair).ShouldBe(pairs.Length);
            if (schedule.FitsMemory()) ShouldBeValid(back);
        }

        return paired > 0;
    });

    [Fact]
    public void A_forward_that_nothing_stands_behind_cannot_overlap()
    {
        var profile = Shape.Profile(devices: 1, microbatches: 1) with { Overlap = new() { Duration = 2 } };
        var graph = OperationGraph.Build(Problem.Create(profile));
        int[] order = [.. Enumerable.Range(0, graph.Count).OrderByDescending(operation => operation)];
        Should.Throw<ArgumentException>(() => new FinestOrders(graph).Paired([order], [graph.IndexOf(Operation.Forward(0, 0))]));
    }

    private static OperationGraph GraphOf(Schedule schedule) =>
        OperationGraph.Build(schedule.Problem, OperationSelection.Finest(schedule.Problem, schedule.Graph.Selection.CountOn(0)));

    private static long Objective(Schedule schedule) => ScheduleMetrics.Of(Replay.Run(schedule)).Objective;

    private static void ShouldBeValid(Schedule schedule) =>
        Verifier.Check(schedule.Problem, TimedOperation.DevicesOf(Replay.Run(schedule))).ShouldBeEmpty();
}
