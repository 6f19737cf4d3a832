using FsCheck.Xunit;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Schedules;

/// <summary>Every way to spoil a valid schedule breaks the rule that it should.</summary>
public class VerifierTests
{
    [Property(MaxTest = 300)]
    public void A_missing_operation_is_an_incomplete_schedule(Seed seed) => Spoil(seed, (random, problem, devices) =>
    {
        var (device, position) = Somewhere(random, devices);
        devices[device].RemoveAt(position);

        Rules(problem, devices).ShouldBe(["completeness"]);
        OrderRules(problem, devices).ShouldBe(["completeness"]);
    });

    [Property(MaxTest = 300)]
    public void An_operation_that_stands_twice_is_named(Seed seed) => Spoil(seed, (random, problem, devices) =>
    {
        var (device, position) = Somewhere(random, devices);
        devices[device].Insert(random.Next(devices[device].Count + 1), devices[device][position]);

        var violation = Verifier.Check(problem, devices).ShouldHaveSingleItem();
        (violation.Rule, violation.Device).ShouldBe(("completeness", device));
        violation.Message.ShouldEndWith("stands twice.");
    });

    [Property(MaxTest = 300)]
    public void An_operation_on_another_device_is_misplaced(Seed seed) => Spoil(seed, (random, problem, devices) =>
    {
        if (problem.Devices == 1) return;
        var (device, position) = Somewhere(random, devices);
        var other = (device + random.Next(1, problem.Devices)) % problem.Devices;
        var moved = devices[device][position];
        devices[device].RemoveAt(position);
        devices[other].Add(moved);

        var violation = Verifier.Check(problem, devices).ShouldHaveSingleItem();
        (violation.Rule, violation.Device, violation.Position).ShouldBe(("placement", other, devices[other].Count - 1));
        OrderRules(problem, devices).ShouldBe(["placement"]);
    });

    [Property(MaxTest = 300)]
    public void An_operation_that_the_problem_does_not_have_is_named(Seed seed) => Spoil(seed, (random, problem, devices) =>
    {
        var (device, position) = Somewhere(random, devices);
        var timed = devices[device][position];
        devices[device][position] = timed with
        {
            Operation = random.Pick(
                timed.Operation with { Stage = problem.Stages },
                timed.Operation with { Microbatch = -1 },
                timed.Operation with { Microbatch = problem.Microbatches },
                timed.Operation with { Pipe = problem.Placement.Pipes },
                timed.Operation with { Kind = (OperationKind)99 }),
        };

        Verifier.Check(problem, devices)[0].ShouldSatisfyAllConditions(
            violation => violation.Rule.ShouldBe("completeness"),
            violation => (violation.Device, violation.Position).ShouldBe((device, position)));
    });

    [Property(MaxTest = 300)]
    public void A_start_moved_earlier_breaks_the_lane_or_a_dependency_and_a_stretched_one_its_duration(Seed seed) => Spoil(seed, (random, problem, devices) =>
    {
        var (device, position) = Somewhere(random, devices);
        var timed = devices[device][position];
        devices[device][position] = timed with { End = timed.End + random.Pick(-1, 1) };
        Rules(problem, devices).ShouldContain("duration");

        devices[device][position] = timed with { Start = timed.Start - 1, End = timed.End - 1 };
        var rules = Rules(problem, devices);
        if (timed.Start == 0) rules.ShouldContain("duration");
        // Times for the span are not all as early as can be, so that some operations have room.
        else if (problem.Objective == Objective.Makespan) rules.ShouldBeSubsetOf(["lane", "dependency"]);
        if (problem.Objective == Objective.Makespan) rules.ShouldNotBeEmpty();
    });

    [Property(MaxTest = 1000)]
    public void Operations_that_swap_places_or_move_in_time_are_accepted_exactly_when_the_operation_graph_agrees(Seed seed) => Spoil(seed, (random, problem, devices) =>
    {
        var (device, first) = Somewhere(random, devices);
        var (one, other) = (devices[device][first], devices[device][random.Next(devices[device].Count)]);
        if (random.Chance(50))
        {
            var second = devices[device].IndexOf(other);
            (devices[device][first], devices[device][second]) = (one with { Operation = other.Operation }, other with { Operation = one.Operation });
        }
        else
        {
            var delay = random.Next(-5, 6);
            devices[device][first] = one with { Start = one.Start + delay, End = one.End + delay };
        }

        var broken = BrokenByGraph(problem, devices);
        Rules(problem, devices).ShouldBe(broken, ignoreOrder: true);
    });

    [Property(MaxTest = 500)]
    public void Any_order_at_all_is_accepted_with_its_replayed_times_exactly_when_it_is_complete_and_fits_memory(Seed seed) => Spoil(seed, (random, problem, devices) =>
    {
        var orders = devices.Select(order => order.Select(timed => timed.Operation).ToArray()).ToArray();
        var device = random.Next(orders.Length);
        var (from, to) = (random.Next(orders[device].Length), random.Next(orders[device].Length));
        (orders[device][from], orders[device][to]) = (orders[device][to], orders[device][from]);

        var schedule = Schedule.Of(problem, orders);
        var graph = schedule.Graph;
        var fits = Enumerable.Range(0, problem.Devices).All(lane => ScheduleMetrics.PeakMemoryOf(graph, schedule.OrderOf(lane)) <= problem.LimitOf(lane));
        Verifier.CheckOrder(problem, orders).Select(violation => violation.Rule).ShouldBe(fits ? [] : ["memory"]);
        if (ReplayOf(schedule) is not { } timeline) return;
        Rules(problem, TimedOperation.DevicesOf(timeline)).ShouldBe(fits ? [] : ["memory"]);
    });

    /// <summary>The times of an order; null when it deadlocks.</summary>
    private static Timeline? ReplayOf(Schedule schedule)
    {
        try
        {
            return Replay.Run(schedule);
        }
        catch (DeadlockException)
        {
            return null;
        }
    }

    [Property(MaxTest = 300)]
    public void A_limit_one_unit_below_the_peak_is_broken_where_the_peak_stands(Seed seed)
    {
        var random = new Random(seed.Item);
        var profile = RandomProblems.NextProfile(random);
        profile = profile with { Memory = (profile.Memory ?? new() { Activation = 1 }) with { Limit = null } };
        var timeline = Replay.Run(RandomOrders.Next(Problem.Create(profile), random));
        var (peaks, scale) = (ScheduleMetrics.Of(timeline).PeakMemory, timeline.Schedule.Problem.MemoryScale);

        Problem Limited(IEnumerable<long> limits) =>
            Problem.Create(profile with { Memory = profile.Memory with { Limit = StageValues.Each(limits.Select(scale.FromTicks)) } });
        Rules(Limited(peaks), TimedOperation.DevicesOf(timeline)).ShouldBeEmpty();

        var device = random.Next(peaks.Length);
        try
        {
            var tight = Limited(peaks.SetItem(device, peaks[device] - 1));
            var violation = Verifier.Check(tight, TimedOperation.DevicesOf(timeline)).ShouldHaveSingleItem();
            (violation.Rule, violation.Device).ShouldBe(("memory", device));
        }
        catch (InvalidProfileException impossible)
        {
            // The peak was the least that any order needs.
            impossible.Errors.ShouldHaveSingleItem().Path.ShouldBe($"$.profile.memory.limit[{device}]");
        }
    }

    [Fact]
    public void Half_a_backward_is_refused_where_backwards_are_fused()
    {
        var problem = Problem.Create(Shape.Profile(devices: 1, microbatches: 1), splitBackward: false);

        Verifier.CheckOrder(problem, [[Operation.Forward(0, 0), Operation.BackwardInput(0, 0), Operation.BackwardWeight(0, 0)]])
            .Select(violation => violation.Rule).ShouldBe(["split", "split"]);
    }

    [Fact]
    public void A_backward_both_fused_and_split_is_incomplete_and_half_of_one_too()
    {
        var problem = Problem.Create(Shape.Profile(devices: 1, microbatches: 1));
        var (forward, input, weight) = (Operation.Forward(0, 0), Operation.BackwardInput(0, 0), Operation.BackwardWeight(0, 0));

        string Message(params Operation[] order) => Verifier.CheckOrder(problem, [order]).ShouldHaveSingleItem().Message;
        Message(forward, input, Operation.Backward(0, 0)).ShouldBe("Stage 0, microbatch 0 has a fused backward and a half of it too.");
        Message(forward, input).ShouldBe("The backwardWeight of stage 0, microbatch 0 is missing.");
        Message(forward, weight).ShouldBe("The backwardInput of stage 0, microbatch 0 is missing.");
        Message(forward).ShouldBe("The backward of stage 0, microbatch 0 is missing.");
        Message(Operation.Backward(0, 0)).ShouldBe("The forward of stage 0, microbatch 0 is missing.");
    }

    [Fact]
    public void A_list_too_many_or_too_few_and_more_faults_than_anyone_reads()
    {
        var problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 20));

        Verifier.CheckOrder(problem, [[]]).ShouldHaveSingleItem().Message.ShouldBe("1 devices are listed; the profile has 2.");
        Verifier.CheckOrder(problem, [[], []]).Count.ShouldBe(20);
    }

    /// <summary>A valid random schedule, or a family's, to be spoilt; one without overlapped pairs, whose halves make no order when they part.</summary>
    private static void Spoil(Seed seed, Action<Random, Problem, List<List<TimedOperation>>> spoil)
    {
        var random = new Random(seed.Item);
        var problem = random.Chance(50) ? RandomProblems.NextFeatured(random) : RandomProblems.Next(random);
        var fitting = FamilyCatalogue.Admitted(problem).Select(family => family.CompleteOrder(problem))
            .Where(order => !order.Any(operations => operations.Any(operation => operation.Kind == OperationKind.OverlappedForward)))
            .Where(order => Verifier.CheckOrder(problem, order).Count == 0);
        var schedule = fitting.ToArray() is { Length: > 0 } families && random.Chance(50)
            ? Schedule.Of(problem, random.Pick(families))
            : RandomOrders.Next(problem, random);
        var devices = TimedOperation.DevicesOf(Replay.Run(schedule)).Select(order => order.ToList()).ToList();
        Verifier.Check(problem, devices).ShouldBeEmpty();
        spoil(random, problem, devices);
    }

    /// <summary>The rules that times break by the operation graph, which the verifier does not know.</summary>
    private static List<string> BrokenByGraph(Problem problem, List<List<TimedOperation>> devices)
    {
        var schedule = Schedule.Of(problem, [.. devices.Select(order => order.Select(timed => timed.Operation).ToArray())]);
        var graph = schedule.Graph;
        var times = devices.SelectMany(order => order).ToDictionary(timed => graph.IndexOf(timed.Operation));
        var waits = times.Keys.SelectMany(operation => graph.DependenciesOf(operation).ToArray().Select(wait => (operation, wait.Operation, wait.Lag)));
        Dictionary<string, bool> broken = new()
        {
            ["duration"] = times.Any(timed => timed.Value.Start < 0 || timed.Value.End - timed.Value.Start != graph.Durations[timed.Key]),
            ["lane"] = devices.SelectMany(order => order).GroupBy(timed => graph.LaneOf[graph.IndexOf(timed.Operation)])
                .Any(lane => lane.Zip(lane.Skip(1)).Any(pair => pair.Second.Start < pair.First.End)),
            ["dependency"] = waits.Any(wait => times[wait.operation].Start < times[wait.Operation].End + wait.Lag),
            ["memory"] = Enumerable.Range(0, problem.Devices).Any(
                lane => ScheduleMetrics.PeakMemoryOf(graph, schedule.OrderOf(lane)) > problem.LimitOf(lane)),
        };
        return [.. broken.Where(rule => rule.Value).Select(rule => rule.Key)];
    }

    private static (int Device, int Position) Somewhere(Random random, List<List<TimedOperation>> devices)
    {
        var device = random.Next(devices.Count);
        return (device, random.Next(devices[device].Count));
    }

    private static List<string> Rules(Problem problem, IReadOnlyList<IReadOnlyList<TimedOperation>> devices) =>
        [.. Verifier.Check(problem, devices).Select(violation => violation.Rule).Distinct()];

    private static List<string> OrderRules(Problem problem, List<List<TimedOperation>> devices) =>
        [.. Verifier.CheckOrder(problem, [.. devices.Select(order => order.Select(timed => timed.Operation).ToArray())])
            .Select(violation => violation.Rule).Distinct()];
}
