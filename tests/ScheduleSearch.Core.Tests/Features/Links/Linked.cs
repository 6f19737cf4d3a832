using ScheduleSearch.Core.Features.Links;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;

namespace ScheduleSearch.Core.Tests.Features.Links;

/// <summary>Problems whose messages travel one at a time: unit times, and messages of time 3, unless a test says otherwise.</summary>
internal static class Linked
{
    public static Problem Problem(
        int devices, int microbatches, int chunks = 1, string? placement = null, decimal latency = 3, Exclusivity exclusive = Exclusivity.Link, bool split = false) =>
        Core.Profiles.Problem.Create(
            With(Shape.Profile(devices, microbatches, chunks, placement), new() { Latency = latency, Exclusive = exclusive }), splitBackward: split);

    public static Profile With(Profile profile, Communication communication) => profile with { Times = profile.Times with { Communication = communication } };

    /// <summary>A valid order of all lanes of a random problem with messages, without pairs.</summary>
    public static Schedule Draw(Random random)
    {
        var problem = RandomProblems.NextFeatured(random);
        while (problem.Features.All(feature => feature.Name != LinksFeature.Id) || problem.HasPairTimes) problem = RandomProblems.NextFeatured(random);
        return RandomOrders.Next(problem, random);
    }

    /// <summary>The same problem with its messages' latency alone.</summary>
    public static Problem AsLatency(Problem problem) => Core.Profiles.Problem.Create(
        With(problem.Profile, problem.Profile.Times.Communication with { Exclusive = Exclusivity.None }), problem.Objective, problem.SplitBackward);

    /// <summary>The operations of each lane that is no device's compute lane, by the name of its device and its own.</summary>
    public static IReadOnlyDictionary<string, string[]> MessagesByLane(OperationGraph graph) => Enumerable.Range(graph.Problem.Devices, graph.Lanes.Count - graph.Problem.Devices)
        .ToDictionary(
            lane => $"{graph.Lanes[lane].Device} {graph.Lanes[lane].Name}",
            lane => Enumerable.Range(0, graph.Count).Where(operation => graph.LaneOf[operation] == lane)
                .Select(operation => graph.Operations[operation].ToString()).ToArray());

    /// <summary>Where each message of a timeline starts and ends, by lane, in the order of the lane.</summary>
    public static IEnumerable<(string Message, long Start, long End)> Messages(Timeline timeline) =>
        from lane in Enumerable.Range(timeline.Schedule.Problem.Devices, timeline.Graph.Lanes.Count - timeline.Schedule.Problem.Devices)
        from operation in timeline.Schedule.OrderOf(lane).ToArray()
        select (timeline.Graph.Operations[operation].ToString(), timeline.StartOf(operation), timeline.EndOf(operation));
}
