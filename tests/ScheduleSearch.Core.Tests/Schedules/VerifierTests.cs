using FsCheck.Xunit;
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
    [Property(MaxTest = 600)]
    public void A_missing_operation_is_an_incomplete_schedule(Seed seed)
    {
        var spoilt = SpoiltSchedule.Next(seed);
        var (device, position) = spoilt.Somewhere();
        var missing = spoilt.Devices[device][position].Operation;
        spoilt.Devices[device].RemoveAt(position);

        string[] rules = missing.BeginsPair || missing.EndsPair ? ["overlap", "completeness"] : ["completeness"];
        spoilt.Rules().ShouldBe(rules);
        // An order may leave all messages out.
        var messages = spoilt.Devices.Sum(order => order.Count(timed => IsMessage(timed.Operation)));
        spoilt.OrderRules().ShouldBe(IsMessage(missing) && messages == 0 ? [] : rules);
    }

    [Property(MaxTest = 600)]
    public void An_operation_that_stands_twice_is_named(Seed seed)
    {
        var spoilt = SpoiltSchedule.Next(seed);
        var (device, position) = spoilt.Somewhere();
        spoilt.Devices[device].Insert(spoilt.Random.Next(spoilt.Devices[device].Count + 1), spoilt.Devices[device][position]);

        var violation = Verifier.Check(spoilt.Problem, spoilt.Devices).ShouldHaveSingleItem();
        (violation.Rule, violation.Device).ShouldBe(("completeness", device));
        violation.Message.ShouldEndWith("stands twice.");
    }

    [Property(MaxTest = 600)]
    public FsCheck.Property An_operation_on_another_device_is_misplaced(Seed seed)
    {
        var spoilt = SpoiltSchedule.Next(seed);
        var (problem, devices) = (spoilt.Problem, spoilt.Devices);
        if (problem.Devices == 1) return DrawnCase.SetAside;
        var (device, position) = spoilt.Somewhere();
        var other = (device + spoilt.Random.Next(1, problem.Devices)) % problem.Devices;
        var moved = devices[device][position];
        devices[device].RemoveAt(position);
        devices[other].Add(moved);

        var violation = Verifier.Check(problem, devices).ShouldHaveSingleItem();
        (violation.Rule, violation.Device, violation.Position).ShouldBe(("placement", other, devices[other].Count - 1));
        spoilt.OrderRules().ShouldBe(["placement"]);
        return DrawnCase.Checked;
    }

    [Property(MaxTest = 600)]
    public void An_operation_that_the_problem_does_not_have_is_named(Seed seed)
    {
        var spoilt = SpoiltSchedule.Next(seed);
        var (random, problem) = (spoilt.Random, spoilt.Problem);
        var (device, position) = spoilt.Somewhere();
        var timed = spoilt.Devices[device][position];
        spoilt.Devices[device][position] = timed with { Operation = random.Pick([.. Foreign(problem, timed.Operation)]) };

        Verifier.Check(problem, spoilt.Devices)[0].ShouldSatisfyAllConditions(
            violation => violation.Rule.ShouldBe("completeness"),
            violation => (violation.Device, violation.Position).ShouldBe((device, position)));
    }

    /// <summary>Operations like one of a problem that the problem does not have.</summary>
    private static IEnumerable<Operation> Foreign(Problem problem, Operation operation)
    {
        yield return operation with { Stage = problem.Stages };
        yield return operation with { Microbatch = -1 };
        yield return operation with { Microbatch = operation.Facts.IsOfMicrobatch ? problem.Microbatches : int.MaxValue };
        yield return operation with { Pipe = problem.Placement.Pipes };
        yield return operation with { Slice = problem.SliceCount };
        yield return operation with { Kind = (OperationKind)99 };
        if (problem.Profile.Recompute?.Covers(operation.Stage) != true) yield return operation with { Kind = OperationKind.Recompute };
        var isExclusive = problem.Profile.Times.Communication.Exclusive != Exclusivity.None;
        if (!isExclusive || operation.Stage == problem.Stages - 1) yield return operation with { Kind = OperationKind.Send };
        if (!isExclusive || operation.Stage == 0) yield return operation with { Kind = OperationKind.SendGradient };
    }

    [Property(MaxTest = 200, MaxRejected = 4000)]
    public FsCheck.Property An_operation_in_the_other_pipe_than_the_rest_of_its_microbatch_is_named(Seed seed)
    {
        var spoilt = SpoiltSchedule.Next(seed);
        var (device, position) = spoilt.Somewhere();
        var timed = spoilt.Devices[device][position];
        if (spoilt.Problem.Placement.Pipes == 1 || timed.Operation.Facts.Role is OperationRole.Message or OperationRole.Restore or OperationRole.Fill)
            return DrawnCase.SetAside;
        var strays = spoilt.Problem.Placement.StagesOn(device).Where(stage => stage.Pipe != timed.Operation.Pipe).ToArray();
        var (pipe, stage) = spoilt.Random.Pick(strays);
        if (!timed.Operation.IsForward && !spoilt.Problem.HasBackward(stage)) return DrawnCase.SetAside;
        spoilt.Devices[device][position] = timed with { Operation = timed.Operation with { Pipe = pipe, Stage = stage } };

        var violations = Verifier.Check(spoilt.Problem, spoilt.Devices);
        violations.ShouldAllBe(violation => violation.Rule == "completeness");
        violations.ShouldContain(violation => violation.Message.Contains("other operations of its microbatch run in pipe", StringComparison.Ordinal));
        spoilt.OrderRules().ShouldBe(["completeness"]);
        return DrawnCase.Checked;
    }

    [Property(MaxTest = 600)]
    public void A_start_moved_earlier_breaks_the_lane_or_a_dependency_and_a_stretched_one_its_duration(Seed seed)
    {
        var spoilt = SpoiltSchedule.Next(seed);
        var (device, position) = spoilt.Somewhere();
        var timed = spoilt.Devices[device][position];
        spoilt.Devices[device][position] = timed with { End = timed.End + spoilt.Random.Pick(-1, 1) };
        spoilt.Rules().ShouldContain("duration");

        spoilt.Devices[device][position] = timed with { Start = timed.Start - 1, End = timed.End - 1 };
        var rules = spoilt.Rules();
        if (timed.Start == 0) rules.ShouldContain("duration");
        // Times for the span are not all as early as can be, so that some operations have room.
        else if (spoilt.Problem.Objective == Objective.Makespan) rules.ShouldBeSubsetOf(["lane", "dependency"]);
        if (spoilt.Problem.Objective == Objective.Makespan) rules.ShouldNotBeEmpty();
    }

    [Property(MaxTest = 2000)]
    public void Operations_that_swap_places_or_move_in_time_are_accepted_exactly_when_the_operation_graph_agrees(Seed seed)
    {
        var spoilt = SpoiltSchedule.Next(seed);
        var (random, devices) = (spoilt.Random, spoilt.Devices);
        var (device, first) = spoilt.Somewhere();
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

        // Whatever times they have, pairs that wait for each other in a circle break some rule.
        if (BrokenByGraph.Rules(spoilt.Problem, devices) is { } broken)
        {
            // The first 20 violations may all be of one rule.
            if (Verifier.Check(spoilt.Problem, devices).Count < 20) spoilt.Rules().ShouldBe(broken, ignoreOrder: true);
            else spoilt.Rules().ShouldBeSubsetOf(broken);
        }
        else spoilt.Rules().ShouldNotBeEmpty();
    }

    [Property(MaxTest = 300, MaxRejected = 2000)]
    public FsCheck.Property Any_order_at_all_is_accepted_with_its_replayed_times_exactly_when_it_is_complete_and_fits_memory(Seed seed)
    {
        var spoilt = SpoiltSchedule.Next(seed);
        var (random, problem) = (spoilt.Random, spoilt.Problem);
        var orders = spoilt.Devices.Select(order => order.Select(timed => timed.Operation).ToArray()).ToArray();
        var device = random.Next(orders.Length);
        var from = random.Next(orders[device].Length);
        // Operations far from each other seldom change places without a deadlock.
        var to = random.Chance(25) ? random.Next(orders[device].Length) : Math.Min(from + random.Next(1, 4), orders[device].Length - 1);
        (orders[device][from], orders[device][to]) = (orders[device][to], orders[device][from]);
        List<string> OrderRules() => [.. Verifier.CheckOrder(problem, orders).Select(violation => violation.Rule).Distinct()];

        if (BrokenByGraph.HasHalfAPair(orders))
        {
            OrderRules().ShouldBe(["overlap"]);
            return DrawnCase.SetAside;
        }

        if (BrokenByGraph.ScheduleOf(problem, orders) is not { } schedule) return DrawnCase.SetAside;
        string[] rules = schedule.FitsMemory() ? [] : ["memory"];
        OrderRules().ShouldBe(rules);
        if (ReplayOf(schedule) is not { } timeline) return DrawnCase.SetAside;
        SpoiltSchedule.RulesOf(problem, TimedOperation.DevicesOf(timeline)).ShouldBe(rules);
        return DrawnCase.Checked;
    }

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

    [Property(MaxTest = 600)]
    public void A_limit_one_unit_below_the_peak_is_broken_where_the_peak_stands(Seed seed)
    {
        var random = new Random(seed.Item);
        var profile = random.Chance(50) ? RandomProblems.NextProfile(random) : SpoiltSchedule.NextFeatured(random).Profile;
        // Halves are exact on any scale; thirds would be rounded anew on the finer scale of a limit.
        if (profile.Slices is { } slices) profile = profile with { Slices = slices with { Count = 2 } };
        profile = profile with { Memory = (profile.Memory ?? new() { Activation = 1 }) with { Limit = null } };
        var timeline = SpoiltSchedule.Draw(Problem.Create(profile), random);
        var (peaks, scale) = (ScheduleMetrics.Of(timeline).PeakMemory, timeline.Schedule.Problem.MemoryScale);

        Problem Limited(IEnumerable<long> limits) =>
            Problem.Create(profile with { Memory = profile.Memory with { Limit = StageValues.Each(limits.Select(scale.FromTicks)) } });
        SpoiltSchedule.RulesOf(Limited(peaks), TimedOperation.DevicesOf(timeline)).ShouldBeEmpty();

        var device = random.Next(peaks.Length);
        try
        {
            var tight = Limited(peaks.SetItem(device, peaks[device] - 1));
            var violation = Verifier.Check(tight, TimedOperation.DevicesOf(timeline)).ShouldHaveSingleItem();
            (violation.Rule, violation.Device).ShouldBe(("memory", device));
        }
        catch (InvalidProfileException impossible)
        {
            // The peak was the least that any order needs. Where there are two pipes, the one that lacks less is named.
            if (timeline.Schedule.Problem.Placement.Pipes == 1) impossible.Errors.ShouldHaveSingleItem().Path.ShouldBe($"$.profile.memory.limit[{device}]");
            else impossible.Errors.ShouldContain(error => error.Path.StartsWith("$.profile.memory.limit[", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void What_is_retained_goes_with_the_weight_gradient_and_not_before()
    {
        Problem Limited(decimal limit) => Problem.Create(Shape.Profile(devices: 1, microbatches: 2, activation: 3, retained: 1, limit: limit));
        Operation[] Halves(int microbatch) => [Operation.Forward(0, microbatch), Operation.BackwardInput(0, microbatch), Operation.BackwardWeight(0, microbatch)];
        Operation[] late = [.. Halves(0)[..2], .. Halves(1)[..2], Halves(0)[2], Halves(1)[2]];

        Verifier.CheckOrder(Limited(3), [[.. Halves(0), .. Halves(1)]]).ShouldBeEmpty();
        Verifier.CheckOrder(Limited(4), [late]).ShouldBeEmpty();
        Verifier.CheckOrder(Limited(3), [late]).Select(violation => (violation.Rule, violation.Position)).ShouldBe([("memory", 2)]);
    }

    [Fact]
    public void A_device_does_one_thing_at_a_time()
    {
        var problem = Problem.Create(Shape.Profile(devices: 1, microbatches: 2), splitBackward: false);
        TimedOperation[] order = [new(Operation.Forward(0, 0), 0, 1), new(Operation.Forward(0, 1), 0, 1), new(Operation.Backward(0, 0), 1, 3), new(Operation.Backward(0, 1), 3, 5)];

        Verifier.Check(problem, [order]).ShouldHaveSingleItem().Message
            .ShouldBe("The forward of stage 0, microbatch 1 starts at 0, before the forward of stage 0, microbatch 0 ends at 1.");
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

    private static bool IsMessage(Operation operation) => operation.Facts.Role == OperationRole.Message;
}
