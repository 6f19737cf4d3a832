using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Tests.Instructions;
using ScheduleSearch.Tests.Shared;
using Shouldly;

namespace ScheduleSearch.Core.Tests.Schedules;

/// <summary>
/// A valid schedule of a random problem, to be spoilt: half of the problems are plain, the others have features, and some of these send messages one at
/// a time.
/// </summary>
internal sealed class SpoiltSchedule
{
    private SpoiltSchedule(Problem problem, Random random)
    {
        (Problem, Random) = (problem, random);
        Devices = [.. TimedOperation.DevicesOf(Draw(problem, random)).Select(order => order.ToList())];
        Verifier.Check(problem, Devices).ShouldBeEmpty();
    }

    public Problem Problem { get; }

    /// <summary>What else is drawn.</summary>
    public Random Random { get; }

    /// <summary>The operations of each device with their times, valid until a test changes them.</summary>
    public List<List<TimedOperation>> Devices { get; }

    /// <summary>A schedule of a plain problem or of a featured one.</summary>
    public static SpoiltSchedule Next(Seed seed)
    {
        var random = new Random(seed.Item);
        return new(random.Chance(50) ? RandomProblems.Next(random) : NextFeatured(random), random);
    }

    /// <summary>A featured problem; one in four has messages that take time and travel one at a time.</summary>
    public static Problem NextFeatured(Random random)
    {
        var problem = RandomProblems.NextFeatured(random);
        if (random.Chance(75)) return problem;
        var (times, latency) = (problem.Profile.Times, random.Amount(1, 9, 1));
        var communication = new Communication { Latency = latency, Exclusive = random.Pick(Exclusivity.Link, Exclusivity.Device) };
        return Problem.Create(problem.Profile with { Times = times with { Communication = communication } }, problem.Objective, problem.SplitBackward);
    }

    /// <summary>Any device and any position in its list.</summary>
    public (int Device, int Position) Somewhere()
    {
        var device = Random.Next(Devices.Count);
        return (device, Random.Next(Devices[device].Count));
    }

    /// <summary>The rules that the schedule breaks.</summary>
    public List<string> Rules() => RulesOf(Problem, Devices);

    /// <summary>The rules that its order breaks whatever its times.</summary>
    public List<string> OrderRules() =>
        [.. Verifier.CheckOrder(Problem, [.. Devices.Select(order => order.Select(timed => timed.Operation).ToArray())])
            .Select(violation => violation.Rule).Distinct()];

    /// <summary>The rules that timed operations break.</summary>
    public static List<string> RulesOf(Problem problem, IReadOnlyList<IReadOnlyList<TimedOperation>> devices) =>
        [.. Verifier.Check(problem, devices).Select(violation => violation.Rule).Distinct()];

    /// <summary>A family's order or any order at all, replayed, often with pairs.</summary>
    public static Timeline Draw(Problem problem, Random random)
    {
        if (random.Chance(50) && FamilyOrder(problem, random) is { } order) return Replay.Run(Schedule.Of(problem, order));
        var timeline = Replay.Run(RandomOrders.Next(OperationGraph.Build(problem, Selection(problem, random)), random));
        return problem.SliceCount == 1 && random.Chance(problem.HasPairTimes ? 75 : 10) ? FeaturedSchedules.WithPairs(timeline) : timeline;
    }

    /// <summary>The order of any family that fits memory; null when there is none.</summary>
    private static IReadOnlyList<IReadOnlyList<Operation>>? FamilyOrder(Problem problem, Random random)
    {
        var families = FamilyCatalogue.Admitted(problem).ToArray();
        random.Shuffle(families);
        return families.Select(family => family.CompleteOrder(problem)).FirstOrDefault(order => Verifier.CheckOrder(problem, order).Count == 0);
    }

    /// <summary>Microbatches go down the pipes that memory has room for.</summary>
    private static OperationSelection Selection(Problem problem, Random random) =>
        RandomOrders.Selection(problem, random, [.. Enumerable.Range(0, problem.Placement.Pipes).Where(problem.HasRoomFor)]);
}
