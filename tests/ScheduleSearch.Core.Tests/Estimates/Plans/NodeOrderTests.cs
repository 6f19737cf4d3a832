using System.Collections.Immutable;
using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Plans;
using ScheduleSearch.Core.Profiles;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Estimates.Plans;

/// <summary>Which node stands at which place.</summary>
public class NodeOrderTests
{
    [Fact]
    public void All_orders_are_tried_once()
    {
        var tried = new List<string>();
        NodeOrder.Tried(5, order =>
        {
            tried.Add(string.Join("", order));
            return 1;
        }).ToArray().ShouldBe([0, 1, 2, 3, 4], "their own order where no other is better");
        tried.Count.ShouldBe(120);
        tried.Distinct().Count().ShouldBe(120);
    }

    /// <summary>Pipelines of several lengths over nodes of which each pair has its own link.</summary>
    [Fact]
    public void Annealing_finds_what_trying_all_orders_does()
    {
        var cases = 0;
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var nodes = random.Next(3, 7);
            var links = NodeGridTests.Links(random, latency: 0, nodes);
            int[] lengths = [.. Enumerable.Range(2, nodes - 1).Where(length => nodes % length == 0)];
            var ranks = lengths[random.Next(lengths.Length)];
            var grid = new NodeGrid(4, ranks, nodes / ranks, devicesPerNode: 4);
            var (messages, gradients) = (random.NextDouble() * 1e8, random.NextDouble() * 1e9);
            double Cost(ImmutableArray<int> order) =>
                new PlacedGrid(grid, links, order, NodeGridTests.Looped(ranks), messages) is var placed ? 3 * placed.Messages + placed.Sums(0, gradients) : 0;
            Cost(NodeOrder.Annealed(nodes, Cost, seed)).ShouldBe(Cost(NodeOrder.Tried(nodes, Cost)), tolerance: 1e-9);
            cases++;
        }

        cases.ShouldBe(40);
    }

    /// <summary>Three islands of four nodes, mixed up: each of three pipelines has its own island.</summary>
    [Fact]
    public void Annealing_keeps_pipelines_within_islands()
    {
        const int Nodes = 12, Ranks = 4;
        int[] island = [.. Enumerable.Range(0, Nodes).Select(node => node * 7 % Nodes / Ranks)];
        var links = new ClusterLinks(
            new()
            {
                Nodes = Nodes,
                DevicesPerNode = 8,
                LinkBetween = new()
                {
                    Bandwidth = LinkValues.Each(
                        Enumerable.Range(0, Nodes).Select(from => Enumerable.Range(0, Nodes).Select(to => island[from] == island[to] ? 100m : 10))),
                },
            },
            DeviceCatalogue.Find("H100")!);
        var grid = new NodeGrid(8, Ranks, Nodes / Ranks, devicesPerNode: 8);
        double Cost(ImmutableArray<int> order) => new PlacedGrid(grid, links, order, NodeGridTests.Looped(Ranks), 1e8).Messages;
        var found = NodeOrder.Best(Nodes, Cost, seed: 1);
        found.Order().ShouldBe(Enumerable.Range(0, Nodes));
        Cost(found).ShouldBe(2 * (Ranks - 1) * 1, tolerance: 1e-9);
        NodeOrder.Best(Nodes, Cost, seed: 1).ToArray().ShouldBe(found.ToArray(), "the same seed, the same order");
    }
}
