using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Plans;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Estimates.Plans;

/// <summary>Where ranks stand, and how long what travels between them takes.</summary>
public class NodeGridTests
{
    private const int Nodes = 4, DevicesPerNode = 4;

    public static TheoryData<int, int, int> Divisions()
    {
        var divisions = new TheoryData<int, int, int>();
        foreach (var tensor in (int[])[1, 2, 4])
        {
            foreach (var ranks in (int[])[1, 2, 4, 8, 16])
            {
                if (Nodes * DevicesPerNode % (tensor * ranks) == 0) divisions.Add(tensor, ranks, Nodes * DevicesPerNode / (tensor * ranks));
            }
        }

        divisions.Add(2, 2, 3);
        return divisions;
    }

    /// <summary>Each global rank of Megatron's order by itself: a node holds as many of them as it has devices.</summary>
    [Theory]
    [MemberData(nameof(Divisions))]
    public void Places_follow_from_global_ranks(int tensor, int ranks, int pipelines)
    {
        var grid = new NodeGrid(tensor, ranks, pipelines, DevicesPerNode);
        var paths = new HashSet<string>();
        for (var pipeline = 0; pipeline < pipelines; pipeline++)
        {
            var path = Enumerable.Range(0, ranks).Select(rank => NodeOf(tensor, pipelines, rank, pipeline, 0)).ToList();
            for (var rank = 0; rank < ranks; rank++)
            {
                for (var part = 0; part < tensor; part++) NodeOf(tensor, pipelines, rank, pipeline, part).ShouldBe(path[rank], "a group is within a node");
                grid.PlaceOf(rank, pipeline).ShouldBe(path[rank]);
            }

            paths.Add(string.Join(",", path));
        }

        grid.Paths.Select(path => string.Join(",", path)).ShouldBe(paths, ignoreOrder: true);
        for (var rank = 0; rank < ranks; rank++)
        {
            var places = Enumerable.Range(0, pipelines).Select(pipeline => NodeOf(tensor, pipelines, rank, pipeline, 0)).ToList();
            grid.Rings[rank].Places.ToArray().ShouldBe(places.Distinct().ToArray());
            grid.Rings[rank].Most.ShouldBe(places.GroupBy(place => place).Max(place => place.Count()));
        }
    }

    /// <summary>Every message of every pipeline, one by one.</summary>
    [Theory]
    [MemberData(nameof(Divisions))]
    public void Messages_are_those_of_the_slowest_pipeline(int tensor, int ranks, int pipelines)
    {
        foreach (var chunks in (int[])[1, 3])
        {
            var random = new Random(ranks * 100 + pipelines);
            var links = Links(random, latency: 0.5);
            int[] nodes = [.. Enumerable.Range(0, Nodes)];
            random.Shuffle(nodes);
            const double Bytes = 5e6;
            var slowest = Enumerable.Range(0, pipelines).Max(pipeline =>
            {
                var sum = 0.0;
                for (var stage = 0; stage + 1 < (long)ranks * chunks; stage++)
                {
                    var (from, to) = (NodeAt(stage % ranks), NodeAt((stage + 1) % ranks));
                    if (ranks > 1) sum += links.Message(from, to, Bytes) + links.Message(to, from, Bytes);
                }

                return sum;

                int NodeAt(int rank) => nodes[NodeOf(tensor, pipelines, rank, pipeline, 0)];
            });
            var placed = new PlacedGrid(new NodeGrid(tensor, ranks, pipelines, DevicesPerNode), links, [.. nodes], Looped(ranks, chunks), Bytes);
            placed.Messages.ShouldBe(slowest, tolerance: 1e-9);
            if (ranks == 1) continue;
            var communication = placed.CommunicationOn(placed.SlowestPath);
            ((double)communication[0, 1]).ShouldBe(links.Message(nodes[placed.SlowestPath[0]], nodes[placed.SlowestPath[1]], Bytes), tolerance: 1e-6);
        }
    }

    [Fact]
    public void A_message_takes_its_latency_and_its_bytes()
    {
        var links = new ClusterLinks(
            new()
            {
                Nodes = 2,
                DevicesPerNode = 2,
                LinkInside = new()
                {
                    Bandwidth = 100,
                    Latency = 1,
                },
            },
            DeviceCatalogue.Find("H100")!);
        links.Message(0, 0, 2e8).ShouldBe(1 + 2, tolerance: 1e-9);
        links.Message(0, 1, 2e8).ShouldBe(4, 1e-9, "the network's own 50 GB/s, without latency");
        (links.Device.LinkBandwidth, links.Device.NetworkBandwidth, links.Device.DevicesPerNode).ShouldBe((100, 50, 2));
        links.AreAlike.ShouldBeTrue();
    }

    /// <summary>Two replicas on each of two nodes: rings of two within a node, twice, and a ring of two nodes at 2 GB/s.</summary>
    [Fact]
    public void Gradients_are_summed_within_nodes_and_between_them()
    {
        var links = new ClusterLinks(
            new()
            {
                Nodes = 2,
                DevicesPerNode = 2,
                LinkInside = new()
                {
                    Bandwidth = 10,
                    Latency = 0.5,
                },
                LinkBetween = new()
                {
                    Bandwidth = LinkValues.Each([[0, 2], [4, 0]]),
                    Latency = 3,
                },
            },
            DeviceCatalogue.Find("H100")!);
        const double Bytes = 1e8;
        var all = new PlacedGrid(new NodeGrid(1, 1, 4, 2), links, [0, 1], Looped(1), 0);
        all.Sums(0, Bytes).ShouldBe(2 * (10 + 2 * 0.5) + 50 + 2 * 3, tolerance: 1e-9);
        var inside = new PlacedGrid(new NodeGrid(1, 2, 2, 2), links, [0, 1], Looped(2), 0);
        inside.Sums(0, Bytes).ShouldBe(10 + 2 * 0.5, 1e-9, "all of a rank's replicas are on one node");
        var between = new PlacedGrid(new NodeGrid(2, 1, 2, 2), links, [0, 1], Looped(1), 0);
        between.Sums(0, Bytes).ShouldBe(50 + 2 * 3, tolerance: 1e-9);
        new PlacedGrid(new NodeGrid(2, 2, 1, 2), links, [0, 1], Looped(2), 0).Sums(1, Bytes).ShouldBe(0);
    }

    /// <summary>The links of four nodes of which each pair, each way, has its own bandwidth.</summary>
    internal static Placement Looped(int ranks, int chunks = 1) => new InterleavedPlacement().Place(new()
    {
        Devices = ranks,
        Chunks = chunks,
        Microbatches = 1,
    });

    internal static ClusterLinks Links(Random random, double latency, int nodes = Nodes) => new(
        new()
        {
            Nodes = nodes,
            DevicesPerNode = DevicesPerNode,
            LinkBetween = new()
            {
                Bandwidth = LinkValues.Each(
                    Enumerable.Range(0, nodes).Select(_ => Enumerable.Range(0, nodes).Select(_ => (decimal)random.Next(1, 50)).ToList())),
                Latency = latency,
            },
        },
        DeviceCatalogue.Find("H100")!);

    private static int NodeOf(int tensor, int pipelines, int rank, int pipeline, int part) =>
        (rank * pipelines * tensor + pipeline * tensor + part) / DevicesPerNode;
}
