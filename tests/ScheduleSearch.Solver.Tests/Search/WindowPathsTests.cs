using ScheduleSearch.Core.Operations;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Solutions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Solver.Tests.Search;

/// <summary>What is updated after a move is what a replay of the whole order would find.</summary>
public class WindowPathsTests
{
    /// <summary>Where operations take no time and messages neither, a move can make a circle that raises no start.</summary>
    [Theory]
    [InlineData(0, 120)]
    [InlineData(60, 80)]
    [InlineData(85, 40)]
    public void After_any_move_starts_tails_and_cost_are_those_of_the_whole_order(
        int percentWithoutTime, int least) => RealCases.ShouldBeAtLeast(least, draws: 200, random =>
    {
        var problem = percentWithoutTime == 0 ? RandomProblems.Next(random) : RandomProblems.NextWithoutTime(random, percentWithoutTime);
        var operations = OperationGraph.Build(problem);
        var schedule = RandomOrders.Next(operations, random);
        var graph = SearchGraph.Of(operations);
        using var board = new SearchBoard(Solution.Verified(schedule, "random", default), targetGap: 0, improved: _ => { });
        var order = new Arrangement(graph);
        order.TakeOrders(board.OrdersOf(board.Best));
        Time(order, graph).ShouldBeTrue();

        var window = new Window(graph);
        window.Cut(order, Tails(order, graph), LaneDates.Open(graph.LaneCount), order.Cost / 4, order.Cost * 3 / 4);
        if (window.Count < 2) return false;
        var paths = new WindowPaths(graph, window);
        paths.Begin(order, Tails(order, graph));
        for (var move = 0; move < 40; move++)
        {
            var from = random.Next(window.Count);
            var lane = paths.Lane[from];
            var to = random.Next(window.First[lane], window.First[lane + 1]);
            if (from == to || Passes(paths, window, graph, from, to)) continue;
            var (sequence, cost) = (paths.Sequence.ToArray(), paths.Cost);
            var threshold = cost + random.NextInt64(problem.Forward.Max() + 1);
            if (paths.TryMove(from, to, threshold)) paths.Cost.ShouldBeLessThanOrEqualTo(threshold);
            else (paths.Cost, paths.Sequence.AsSpan(0, window.Count).SequenceEqual(sequence.AsSpan(0, window.Count))).ShouldBe((cost, true));
            window.Restore(paths.Sequence, order);
            Time(order, graph).ShouldBeTrue();
            var tails = Tails(order, graph);
            long Path(int operation) => order.Starts[operation] + graph.Duration[operation] + tails[operation];
            paths.Cost.ShouldBe(Enumerable.Range(0, window.Count).Max(place => Path(window.Operation[place])));
            for (var place = 0; place < window.Count; place++)
                (paths.Start[place], paths.Tail[place]).ShouldBe((order.Starts[window.Operation[place]], tails[window.Operation[place]]));
        }

        return true;
    });

    /// <summary>Whether a move passes an operation of the same chain, or one that it waits for or that waits for it.</summary>
    private static bool Passes(WindowPaths paths, Window window, SearchGraph graph, int from, int to)
    {
        var moved = window.Operation[paths.Sequence[from]];
        return Enumerable.Range(Math.Min(from, to), Math.Abs(from - to) + 1).Where(slot => slot != from).Any(slot =>
        {
            var other = window.Operation[paths.Sequence[slot]];
            return graph.Chain[other] == graph.Chain[moved] || WaitsFor(graph, other, moved) || WaitsFor(graph, moved, other);
        });
    }

    private static bool WaitsFor(SearchGraph graph, int operation, int other) =>
        graph.Before.Of(operation).ToArray().Any(edge => edge.Operation == other);

    private static bool Time(Arrangement order, SearchGraph graph)
    {
        var replay = new OrderReplay(graph);
        if (replay.Run(order.Orders, LaneDates.Open(graph.LaneCount)) is not { } cost) return false;
        order.Take(order.Orders, replay.Starts, cost);
        return true;
    }

    private static long[] Tails(Arrangement order, SearchGraph graph)
    {
        var replay = new OrderReplay(graph.Reversed);
        replay.Run([.. order.Orders.Select(lane => lane.Reverse().ToArray())], LaneDates.Open(graph.LaneCount));
        return [.. replay.Starts];
    }
}
