using System.Collections.Immutable;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Estimates.Plans;

/// <summary>How long what travels between the devices of a plan takes, once it is said which node stands at which place.</summary>
/// <param name="grid">Where ranks stand.</param>
/// <param name="links">The cluster's links.</param>
/// <param name="nodes">The node at each place.</param>
/// <param name="placement">Which stages each rank has.</param>
/// <param name="messageBytes">Bytes of what a stage hands to the next of a microbatch, on one device.</param>
internal sealed class PlacedGrid(NodeGrid grid, ClusterLinks links, ImmutableArray<int> nodes, Placement placement, double messageBytes)
{
    /// <summary>Digits that a profile takes behind the point.</summary>
    private const int Decimals = 6;

    /// <summary>The node at each place.</summary>
    public ImmutableArray<int> Nodes => nodes;

    /// <summary>Milliseconds of the messages of one microbatch through all stages and back, on the path where they take longest.</summary>
    public double Messages => grid.Paths.Max(MessagesOn);

    /// <summary>The path on which the messages take longest.</summary>
    public ImmutableArray<int> SlowestPath => grid.Paths.MaxBy(MessagesOn);

    /// <summary>The paths of the pipelines, each one that differs from the others.</summary>
    public ImmutableArray<ImmutableArray<int>> Paths => grid.Paths;

    /// <summary>Milliseconds of a message from each rank to each other, on one path; one number where all are alike.</summary>
    public LinkValues CommunicationOn(ImmutableArray<int> path)
    {
        if (path.Length == 1) return 0;
        decimal[][] times = [.. path.Select((from, rank) => path.Select((to, other) => rank == other ? 0 : Rounded(from, to)).ToArray())];
        var first = times[0][1];
        return times.Select((row, rank) => (row, rank)).All(one => one.row.Where((_, other) => other != one.rank).All(time => time == first))
            ? first
            : LinkValues.Each(times);

        decimal Rounded(int from, int to) => decimal.Round((decimal)Message(from, to), Decimals);
    }

    /// <summary>
    /// Milliseconds in which the replicas of a rank add up their gradients: in rings within each node, in a ring over the nodes at its slowest link, and
    /// within the nodes again, so that the time within counts twice; once where all stand on one node.
    /// </summary>
    /// <param name="rank">The rank.</param>
    /// <param name="bytes">What each device adds and gets back; half of both together where each keeps a share alone.</param>
    public double Sums(int rank, double bytes)
    {
        var (places, most) = grid.Rings[rank];
        var inside = Ring(most, links.BandwidthInside(most), links.Latency(nodes[places[0]], nodes[places[0]]), bytes);
        if (places.Length == 1) return inside;
        var slowest = Enumerable.Range(0, places.Length).Select(place => (From: nodes[places[place]], To: nodes[places[(place + 1) % places.Length]]))
            .MinBy(link => links.Bandwidth(link.From, link.To));
        return 2 * inside + Ring(places.Length, links.Bandwidth(slowest.From, slowest.To), links.Latency(slowest.From, slowest.To), bytes);
    }

    private static double Ring(int members, double bandwidth, double latency, double bytes)
    {
        var steps = 2.0 * (members - 1);
        return steps / members * ClusterLinks.Milliseconds(bytes, bandwidth) + steps * latency;
    }

    /// <summary>Of two pipes that with the longer messages. Stages of one rank hand on without a message.</summary>
    private double MessagesOn(ImmutableArray<int> path)
    {
        var longest = 0.0;
        foreach (var route in placement.Routes)
        {
            var sum = 0.0;
            for (var step = 1; step < route.Devices.Length; step++)
            {
                var (from, to) = (route.Devices[step - 1], route.Devices[step]);
                if (from != to) sum += RoundTrip(path[from], path[to]);
            }

            longest = Math.Max(longest, sum);
        }

        return longest;
    }

    private double RoundTrip(int from, int to) => Message(from, to) + Message(to, from);

    private double Message(int from, int to) => links.Message(nodes[from], nodes[to], messageBytes);
}
