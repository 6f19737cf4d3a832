using FsCheck.Xunit;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Tests.Instructions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Schedules;

/// <summary>What devices are idle for, and what is said of it.</summary>
public class IdleAnalysisTests
{
    [Property(MaxTest = 500)]
    public void Causes_are_all_idle_time_and_mean_idle_is_what_is_no_work(Seed seed)
    {
        var random = new Random(seed.Item);
        var timeline = random.Chance(30) ? FeaturedSchedules.Draw(seed) : Plain(random);
        var (problem, metrics) = (timeline.Schedule.Problem, ScheduleMetrics.Of(timeline));
        var causes = IdleAnalysis.Of(timeline, metrics).Devices;
        for (var device = 0; device < problem.Devices; device++)
        {
            var (warmUp, steady, coolDown) = metrics.Idle[device];
            causes[device].Total.ShouldBe(warmUp + steady + coolDown);
            causes[device].LessWork.ShouldBe(metrics.Busy.Max() - metrics.Busy[device]);
            new[] { causes[device].WarmUp, causes[device].CoolDown, causes[device].Input, causes[device].Communication, causes[device].Memory }
                .Min().ShouldBeGreaterThanOrEqualTo(0);
            causes[device].Input.ShouldBeLessThanOrEqualTo(steady);
            causes[device].WarmUp.ShouldBeLessThanOrEqualTo(warmUp);
            causes[device].CoolDown.ShouldBeLessThanOrEqualTo(coolDown);
        }

        metrics.MeanIdleRatio.ShouldBe(1 - (double)metrics.Busy.Sum() / ((double)metrics.Objective * problem.Devices), 1e-12);
        causes.Sum(device => device.Total).ShouldBe(problem.Devices * metrics.Objective - metrics.Busy.Sum());
    }

    [Property(MaxTest = 300)]
    public void They_are_what_each_moment_shows(Seed seed)
    {
        var random = new Random(seed.Item);
        var timeline = Plain(random);
        var metrics = ScheduleMetrics.Of(timeline);
        var causes = IdleAnalysis.Of(timeline, metrics).Devices;
        for (var device = 0; device < timeline.Schedule.Problem.Devices; device++)
            causes[device].ShouldBe(ByMoments(timeline, device, metrics));
    }

    [Fact]
    public void Who_has_less_to_do_is_idle_for_that_first()
    {
        // Device 1: 1-25 without a gap. Device 0: 0-1, 1-2, 7-8, 8-9, 13-14, 14-15, 19-20, 25-26.
        var timeline = Worked.Of("1f1b", Uneven(microbatches: 4, 1, 3));
        var (metrics, analysis) = Of(timeline);
        metrics.Idle.ShouldBe([new IdleTime(WarmUp: 5, Steady: 4, CoolDown: 9), new IdleTime(WarmUp: 1, Steady: 0, CoolDown: 1)]);
        analysis.Devices.ShouldBe([new(WarmUp: 2, 0, 0, 0, 0, LessWork: 16), new(WarmUp: 1, CoolDown: 1, 0, 0, 0, 0)]);
        metrics.MeanIdleRatio.ShouldBe(20 / 52.0, 1e-12);
        analysis.LimitedBy.ShouldBe("rank 1 carries the most work; the other has less to do and waits 61.5 % of the time for that alone");
    }

    [Fact]
    public void All_who_have_the_most_work_are_named()
    {
        LimitOf(9, 1, 9).ShouldStartWith("ranks 0 and 2 carry the most work; the other has less to do and waits ");
        LimitOf(1, 9, 1, 1).ShouldStartWith("rank 1 carries the most work; the others have less to do and wait ");
        LimitOf(9, 9, 9, 9, 1, 1, 1, 1, 1, 1).ShouldStartWith("4 ranks carry the most work; the others have less to do and wait ");

        static string LimitOf(params decimal[] stages) => Of(Worked.Of("1f1b", Uneven(microbatches: 24, stages))).Analysis.LimitedBy;
    }

    [Fact]
    public void A_device_waits_for_memory_while_work_is_ready_and_has_no_room()
    {
        // One microbatch at a time. Device 0: 0-1, 4-7, 10-13, 16-18. Device 1: 1-4, 7-10, 13-16.
        var (_, analysis) = Of(OneAfterTheOther(microbatches: 3, limit: 1));
        analysis.Devices.ShouldBe([new(0, CoolDown: 3, 0, 0, Memory: 6, 0), new(WarmUp: 1, CoolDown: 2, Input: 6, 0, 0, 0)]);
        analysis.LimitedBy.ShouldBe("memory of rank 0: idle 33.3 % of the time with work that is ready and no room for it");
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public void With_room_for_what_is_ready_it_does_not(int? limit)
    {
        var (_, analysis) = Of(OneAfterTheOther(microbatches: 3, limit));
        analysis.Devices.ShouldBe([new(WarmUp: 3, CoolDown: 3, Input: 3, 0, 0, 0), new(WarmUp: 1, CoolDown: 2, Input: 6, 0, 0, 0)]);
        analysis.LimitedBy.ShouldBe("warm-up and cool-down: idle 25.0 % of the time before a rank's first backward and after its last forward");
    }

    [Fact]
    public void What_is_on_its_way_is_told_from_what_is_not_computed()
    {
        // Device 0: 0-1, 6-9, 14-16. Device 1: 2-5, 10-13; between, a gradient and a forward are on their way.
        var (_, analysis) = Of(OneAfterTheOther(microbatches: 2, limit: null, communication: 1));
        analysis.Devices.ShouldBe([new(WarmUp: 5, CoolDown: 5, 0, 0, 0, 0), new(WarmUp: 2, CoolDown: 3, Input: 3, Communication: 2, 0, 0)]);
    }

    [Fact]
    public void Long_messages_are_what_most_of_many_turns_is_for()
    {
        var (_, analysis) = Of(OneAfterTheOther(microbatches: 20, limit: null, communication: 30));
        analysis.LimitedBy.ShouldStartWith("communication: idle ");
        (_, analysis) = Of(OneAfterTheOther(microbatches: 20, limit: null));
        analysis.LimitedBy.ShouldStartWith("waits for input: idle ");
    }

    [Fact]
    public void A_device_alone_is_never_idle()
    {
        var (metrics, analysis) = Of(Worked.Of("1f1b", Problem.Create(Shape.Profile(devices: 1, microbatches: 4))));
        (metrics.MeanIdleRatio, analysis.Devices[0].Total).ShouldBe((0, 0));
        analysis.LimitedBy.ShouldBe("the work itself: no rank is ever idle");
    }

    private static (ScheduleMetrics Metrics, IdleAnalysis Analysis) Of(Timeline timeline)
    {
        var metrics = ScheduleMetrics.Of(timeline);
        return (metrics, IdleAnalysis.Of(timeline, metrics));
    }

    private static Timeline Plain(Random random)
    {
        var problem = RandomProblems.Next(random);
        return Replay.Run(RandomOrders.Next(problem, random));
    }

    /// <summary>Stages whose forwards and backwards take as long as given.</summary>
    private static Problem Uneven(int microbatches, params decimal[] stages)
    {
        var times = StageValues.Each([.. stages]);
        var profile = Shape.Profile(stages.Length, microbatches) with { Times = new() { Forward = times, BackwardInput = times, BackwardWeight = 0 } };
        return Problem.Create(profile, splitBackward: false);
    }

    /// <summary>Two devices on which a microbatch begins when the one before has ended.</summary>
    private static Timeline OneAfterTheOther(int microbatches, int? limit, decimal communication = 0)
    {
        var problem = Problem.Create(Shape.Profile(devices: 2, microbatches, communication: communication, limit: limit), splitBackward: false);
        return Replay.Run(Schedule.Of(problem, [On(0), On(1)]));

        Operation[] On(int stage) =>
            [.. Enumerable.Range(0, microbatches).SelectMany(turn => new[] { Operation.Forward(stage, turn), Operation.Backward(stage, turn) })];
    }

    /// <summary>The causes of a device by what can be seen at each moment between two events.</summary>
    private static IdleCauses ByMoments(Timeline timeline, int device, ScheduleMetrics metrics)
    {
        var (graph, problem, phases) = (timeline.Graph, timeline.Schedule.Problem, metrics.Phases[device]);
        var order = timeline.Schedule.OrderOf(device).ToArray();
        var arrivals = Enumerable.Range(0, graph.Count).Select(ArrivalsOf).ToList();
        var events = arrivals.SelectMany(all => all).SelectMany(one => new[] { one.Sent, one.There })
            .Concat(Enumerable.Range(0, graph.Count).SelectMany(operation => new[] { timeline.StartOf(operation), timeline.EndOf(operation) }))
            .Concat([phases.Begin, phases.Steady, phases.CoolDown, phases.End]);
        var moments = events.Where(time => time >= phases.Begin && time <= phases.End).Distinct().Order().ToList();
        var (warmUp, coolDown, input, communication, memory) = (0L, 0L, 0L, 0L, 0L);
        foreach (var (from, to) in moments.Zip(moments.Skip(1)))
        {
            var next = order.Count(operation => timeline.StartOf(operation) <= from);
            if (next > 0 && timeline.EndOf(order[next - 1]) > from) continue;
            var held = order[..next].Sum(operation => graph.Acquired[operation] - graph.Released[operation]);
            var ready = Enumerable.Range(next, order.Length - next).Where(position => arrivals[order[position]].TrueForAll(one => one.There <= from)).ToList();
            ref var cause = ref input;
            if (ready.Count > 0 && ready.TrueForAll(HasNoRoom)) cause = ref memory;
            else if (to <= phases.Steady) cause = ref warmUp;
            else if (from >= phases.CoolDown) cause = ref coolDown;
            else if (IsUnderway(order[next], from)) cause = ref communication;
            cause += to - from;

            bool HasNoRoom(int position) => !problem.Limit.IsEmpty && held + graph.Acquired[order[position]] > problem.LimitOf(device);
        }

        var less = metrics.Busy.Max() - metrics.Busy[device];
        var left = less;
        Take(ref input);
        Take(ref communication);
        Take(ref memory);
        Take(ref coolDown);
        Take(ref warmUp);
        return new(warmUp, coolDown, input, communication, memory, less);

        void Take(ref long cause)
        {
            var taken = Math.Min(left, cause);
            (left, cause) = (left - taken, cause - taken);
        }

        // Whether, at a time before an operation, what it waits for is on its way; or what that waits for, where it has not begun.
        bool IsUnderway(int operation, long at)
        {
            var lane = timeline.Schedule.OrderOf(graph.LaneOf[operation]);
            var start = timeline.StartOf(operation);
            if (lane.IndexOf(operation) is > 0 and var position && timeline.EndOf(lane[position - 1]) == start)
                return timeline.StartOf(lane[position - 1]) > at && IsUnderway(lane[position - 1], at);
            if (arrivals[operation].Find(one => one.There == start) is not { There: > 0 } arrival) return false;
            return arrival.Sent <= at || (timeline.StartOf(arrival.Of) > at && IsUnderway(arrival.Of, at));
        }

        List<(int Of, long Sent, long There)> ArrivalsOf(int operation) =>
        [
            .. graph.DependenciesOf(operation).ToArray().Select(on => (on.Operation, timeline.EndOf(on.Operation), timeline.EndOf(on.Operation) + on.Lag)),
        ];
    }
}
