using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Solver.Tests.Search.Constructions;

/// <summary>With two pipes, slices or restored activations a list scheduler leaves the oldest microbatch what it needs, so that it never gets stuck.</summary>
public class RoomForOldestTests
{
    [Fact]
    public void No_standard_policy_gets_stuck_however_tight_memory_is() => RealCases.ShouldBeAtLeast(least: 80, draws: 300, random =>
    {
        var problem = RandomProblems.NextFeatured(random);
        var graph = OperationGraph.Build(problem);
        var search = SearchGraph.Of(graph);
        if (search.IsPlain || problem.Limit.IsEmpty) return false;
        var lists = new ListScheduler(search);
        var dates = LaneDates.Earliest(problem, search);
        foreach (var policy in new ListPolicies(problem, search).Standard())
        {
            lists.Run(policy, dates).ShouldNotBeNull();
            var schedule = new Schedule(graph, lists.Orders);
            schedule.FitsMemory().ShouldBeTrue();
        }

        return true;
    });

    [Fact]
    public void A_younger_microbatch_waits_where_the_older_one_would_not_fit_beside_it()
    {
        // One device with two stages: a microbatch needs both activations. Three units hold one microbatch and a half, no more.
        var (graph, room, forwards) = TwoStages(limit: 3);
        var next = new int[graph.Chains.Length];
        Start(forwards[0], 0);
        room.IsLeftBy(graph.Chains[forwards[0]][1], lane: 0, next).ShouldBeTrue("one unit of the older one is left to come, and there is room for it");
        Start(forwards[0], 1);
        room.IsLeftBy(graph.Chains[forwards[0]][2], lane: 0, next).ShouldBeFalse("the oldest needs two units, those after it would hold two");
        room.IsLeftBy(graph.Chains[forwards[1]][0], lane: 0, next).ShouldBeTrue("the oldest itself goes on");

        void Start(int chain, int turn)
        {
            room.Take(graph.Chains[chain][turn]);
            next[chain]++;
        }
    }

    [Fact]
    public void Forgets_what_was_taken()
    {
        var (graph, room, forwards) = TwoStages(limit: 3);
        var next = new int[graph.Chains.Length];
        foreach (var turn in new[] { 0, 1 }) room.Take(graph.Chains[forwards[0]][turn]);
        next[forwards[0]] = 2;
        room.IsLeftBy(graph.Chains[forwards[0]][2], lane: 0, next).ShouldBeFalse();
        room.Clear();
        next[forwards[0]] = 1;
        room.IsLeftBy(graph.Chains[forwards[0]][1], lane: 0, next).ShouldBeTrue();
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void A_forward_fits_where_memory_holds_it(long held, bool fits)
    {
        var (graph, room, forwards) = TwoStages(limit: 3);
        room.Fits(graph.Chains[forwards[0]][0], lane: 0, held, new int[graph.Chains.Length]).ShouldBe(fits);
    }

    private static (SearchGraph Graph, RoomForOldest Room, int[] Forwards) TwoStages(int limit)
    {
        var problem = Problem.Create(Shape.Profile(devices: 1, microbatches: 3, chunks: 2, placement: "interleaved", limit: limit));
        var graph = SearchGraph.Of(OperationGraph.Build(problem));
        int[] forwards = [.. graph.LaneChains[0].Where(chain => graph.ChainKind[chain] == OperationKind.Forward)];
        var backwardOf = Enumerable.Range(0, graph.Chains.Length)
            .Select(chain => Array.FindIndex(graph.ChainKind, graph.ChainStage[chain] == 0 ? 0 : 3, kind => kind == OperationKind.BackwardInput))
            .ToArray();
        return (graph, new RoomForOldest(graph, [forwards], backwardOf), forwards);
    }
}
