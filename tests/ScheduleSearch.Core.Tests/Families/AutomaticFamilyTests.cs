using FsCheck.Xunit;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Families;

/// <summary>Families whose order follows from the profile's times and memory: they keep every limit, and make use of what it allows.</summary>
public class AutomaticFamilyTests
{
    public static TheoryData<string> LinearRequests => [.. StoredRequest.Names().Where(name => name.Contains("-linear-"))];

    public static TheoryData<string> VRequestsWithTheMemoryOf1F1B => [.. StoredRequest.Names("-v-1.0x-makespan")];

    [Property(MaxTest = 1500)]
    public void Every_order_is_valid_and_within_the_memory_limit(Seed seed)
    {
        var (family, problem) = Draw(new Random(seed.Item));

        FamilyCatalogue.WhyNot(family, problem).ShouldBeNull();
        FamilyTests.ShouldRun(family, problem);
    }

    [Property(MaxTest = 200)]
    public void The_same_problem_gets_the_same_order(Seed seed)
    {
        var (family, problem) = Draw(new Random(seed.Item));
        var (_, again) = Draw(new Random(seed.Item));

        family.Order(again).ShouldBe(family.Order(problem));
    }

    [Property(MaxTest = 200)]
    public void Times_of_a_common_factor_get_the_same_order(Seed seed)
    {
        var (family, problem) = Draw(new Random(seed.Item));
        var times = problem.Profile.Times;
        var tripled = Problem.Create(
            problem.Profile with
            {
                Times = times with
                {
                    Forward = Tripled(times.Forward),
                    BackwardInput = Tripled(times.BackwardInput),
                    BackwardWeight = Tripled(times.BackwardWeight),
                    Communication = LinkValues.Each(Enumerable.Range(0, problem.Devices)
                        .Select(from => Enumerable.Range(0, problem.Devices).Select(to => 3 * times.Communication.Latency[from, to]))),
                },
            },
            problem.Objective);

        family.Order(tripled).ShouldBe(family.Order(problem));
    }

    [Fact]
    public void Both_reach_proved_optima()
    {
        var reached = ProvedOptimum.All()
            .SelectMany(oracle => Automatic.Where(family => FamilyCatalogue.WhyNot(family, oracle.Problem) is null), (oracle, family) => (oracle, family))
            .Where(pair => ObjectiveOf(pair.family, pair.oracle.Problem) == pair.oracle.Problem.TimeScale.ToTicks(pair.oracle.Optimum))
            .Select(pair => $"{pair.family.Name}: {pair.oracle.Name}");

        reached.ShouldBe(
        [
            "zb-auto: linear split, limit 4",
            "zb-auto: linear split, limit 4, span",
            "zb-auto: linear split, limit 5, span",
            "zb-auto: linear split, limit 6, span",
            "zb-auto: linear split, limit 7, span",
            "zb-auto: linear split, 18/18/9, latency 1, limit 4, span",
            "zb-auto: linear split, 18/18/9, latency 1, limit 8, span",
            "zb-v-auto: V split, limit 2",
            "zb-v-auto: V split, limit 8",
            "zb-auto: linear split, 8 devices, 16 microbatches, limit 8, span",
        ]);
    }

    /// <summary>On the first device a microbatch is held for its way to the last device and back, and its weight gradient: 2p + 1.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void ZB_auto_keeps_memory_far_below_that_of_1F1B_in_use_nearly_all_the_time(int limit)
    {
        var problem = Problem.Create(Shape.Profile(devices: 16, microbatches: 64, limit: limit));
        var held = problem.Microbatches * (2 * problem.Devices + 1);

        ObjectiveOf(Find("zb-auto"), problem).ShouldBeInRange(held / limit, held / limit * 5 / 4);
    }

    [Theory]
    [MemberData(nameof(LinearRequests))]
    public void ZB_auto_is_no_worse_than_the_published_schedulers_on_linear_requests(string name) => ShouldMatchPeers("zb-auto", name);

    [Theory]
    [MemberData(nameof(VRequestsWithTheMemoryOf1F1B))]
    public void ZB_V_auto_is_no_worse_than_the_published_schedulers_with_the_memory_of_1F1B(string name) => ShouldMatchPeers("zb-v-auto", name);

    private static IReadOnlyList<IScheduleFamily> Automatic => [Find("zb-auto"), Find("zb-v-auto")];

    private static void ShouldMatchPeers(string name, string request)
    {
        var stored = StoredRequest.Read(request);
        ObjectiveOf(Find(name), stored.Problem).ShouldBeLessThanOrEqualTo(stored.Problem.TimeScale.ToTicks(stored.PeersBest));
    }

    private static long ObjectiveOf(IScheduleFamily family, Problem problem) =>
        ScheduleMetrics.Of(Replay.Run(Schedule.Of(problem, family.Order(problem)))).Objective;

    private static IScheduleFamily Find(string name) => FamilyCatalogue.All.Single(family => family.Name == name);

    private static (IScheduleFamily Family, Problem Problem) Draw(Random random)
    {
        while (true)
        {
            var problem = RandomProblems.Next(random, maxDevices: 8, maxMicrobatches: 20);
            if (Automatic.FirstOrDefault(family => FamilyCatalogue.WhyNot(family, problem) is null) is { } family) return (family, problem);
        }
    }

    private static StageValues Tripled(StageValues values) =>
        values.IsScalar ? 3 * values.Numbers[0] : StageValues.Each(values.Numbers.Select(number => 3 * number));
}
