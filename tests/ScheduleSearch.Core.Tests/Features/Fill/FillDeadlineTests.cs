using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Features.Fill;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Fill;

/// <summary>Work in bubbles that has to be done in time.</summary>
public class FillDeadlineTests
{
    [Fact]
    public void A_piece_after_its_deadline_is_told()
    {
        var problem = Of([Item("encoder", 1, count: 2) with { Deadline = 9 }]);
        var piece = problem.Fill[0].Piece(problem, 1);
        var devices = TimedOperation.DevicesOf(Replay.Run(Family("1f1b", problem))).Select(device => device.ToArray()).ToArray();
        Verifier.Check(problem, devices).ShouldBeEmpty();
        var without = Problem.Create(problem.Profile with { Fill = [Item("encoder", 1, count: 2)] });
        // At the end of device 1, which is long after 9.
        var late = FillLast(without, 1);
        Verifier.Check(problem, TimedOperation.DevicesOf(late)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            violation => (violation.Rule, violation.Device).ShouldBe(("deadline", 1)),
            violation => violation.Message.ShouldBe(
                $"The fill of encoder, piece 1 ends at {problem.TimeScale.FromTicks(late.EndOf(late.Graph.IndexOf(piece)))}; the deadline of encoder is 9."));
    }

    [Theory]
    [InlineData(9, 33)]
    [InlineData(2, 33)]
    public void Pieces_in_the_head_of_a_later_device_cost_nothing(int deadline, int makespan) =>
        Makespan("1f1b", Of([Item("encoder", 3) with { Deadline = deadline }])).ShouldBe(makespan);

    [Fact]
    public void Where_no_gap_comes_in_time_the_microbatches_wait()
    {
        Makespan("1f1b", Of([Item("encoder", 0, count: 3)])).ShouldBe(33);
        foreach (var deadline in new[] { 6, 7, 12 })
        {
            var problem = Of([Item("encoder", 0, count: 3) with { Deadline = deadline }]);
            foreach (var family in FamilyCatalogue.Admitted(problem))
                Verifier.Check(problem, TimedOperation.DevicesOf(Replay.Run(family.ScheduleOf(problem)))).ShouldBeEmpty(family.Name);
            Makespan("1f1b", problem).ShouldBeLessThanOrEqualTo(33 + 6);
        }
    }

    [Fact]
    public void Families_keep_random_deadlines()
    {
        var (random, kept) = (new Random(5), 0);
        for (var draw = 0; kept < 60; draw++)
        {
            var drawn = SmallProblems.Draw(random);
            var fill = RandomFill.Next(random, drawn.Devices, latest: 40);
            if (drawn.Objective == Objective.Span || fill.All(item => item.Deadline is null) || Created(drawn.Profile with { Fill = fill }) is not { } problem)
                continue;
            foreach (var family in FamilyCatalogue.Admitted(problem))
            {
                var schedule = family.ScheduleOf(problem);
                if (schedule.FitsMemory()) Verifier.Check(problem, TimedOperation.DevicesOf(Replay.Run(schedule))).ShouldBeEmpty($"draw {draw}, {family.Name}");
            }

            kept++;
        }
    }

    [Theory]
    [InlineData(5, null, null, "cannot have ended before 6")]
    [InlineData(6, 9, null, "No schedule keeps the deadline of decoder: device 0 has more to do in time than there is time for.")]
    [InlineData(null, null, 12, "cannot have ended before 13")]
    public void Deadlines_that_no_schedule_keeps_are_refused(int? encoder, int? decoder, int? after, string message)
    {
        FillWork fill =
        [
            Item("encoder", 0, count: 3) with { Deadline = encoder },
            Item("decoder", 0, count: 2) with { Deadline = decoder },
            Item("last", 1, count: 3) with { After = ["encoder"], Deadline = after },
        ];
        var error = Should.Throw<InvalidProfileException>(() => Of(fill, communication: 1)).Errors.ShouldHaveSingleItem();
        error.Kind.ShouldBe(ProfileErrorKind.Impossible);
        error.Path.ShouldBe($"$.profile.fill[{(after is not null ? 2 : decoder is not null ? 1 : 0)}].deadline");
        error.Message.ShouldContain(message);
    }

    [Fact]
    public void The_span_has_no_begin_that_deadlines_could_count_from() =>
        Should.Throw<InvalidProfileException>(() => Of([Item("encoder", 0) with { Deadline = 20 }], Objective.Span)).Errors.ShouldHaveSingleItem()
            .Message.ShouldContain("ask for makespan");

    [Fact]
    public void What_is_refused_has_no_schedule_and_what_is_taken_has_one()
    {
        var (random, taken, refused, missed) = (new Random(8), 0, 0, 0);
        for (var draw = 0; draw < 400; draw++)
        {
            var profile = Shape.Profile(devices: 2, microbatches: 1, communication: 1) with { Fill = RandomFill.Next(random, 2, latest: 20) };
            if (profile.Fill!.Sum(RandomFill.PartsOf) > 7 || profile.Fill!.All(item => item.Deadline is null)) continue;
            var hasOrder = HasOrder(Problem.Create(profile with { Fill = [.. profile.Fill!.Select(item => item with { Deadline = null })] }), profile.Fill!);
            if (Created(profile) is not null)
            {
                hasOrder.ShouldBeTrue($"draw {draw}");
                taken++;
            }
            else
            {
                var message = Should.Throw<InvalidProfileException>(() => Problem.Create(profile)).Message;
                if (message.Contains("was found", StringComparison.Ordinal)) missed++;
                else hasOrder.ShouldBeFalse($"draw {draw}: {message}");
                refused++;
            }
        }

        taken.ShouldBeGreaterThan(50);
        refused.ShouldBeGreaterThan(50);
        missed.ShouldBeLessThan(5);
    }

    /// <summary>Whether some order of the pieces alone keeps all deadlines: by trying each.</summary>
    private static bool HasOrder(Problem problem, FillWork fill)
    {
        return Try(new int[fill.Count], new long[fill.Count], new long[problem.Devices]);

        bool Try(int[] done, long[] ends, long[] free)
        {
            if (done.Zip(problem.Fill).All(item => item.First == item.Second.Count)) return true;
            for (var place = 0; place < done.Length; place++)
            {
                var item = problem.Fill[place];
                if (done[place] == item.Count || item.After.Any(before => done[before] < problem.Fill[before].Count)) continue;
                var ready = item.After.Select(before => ends[before] + problem.Lag(problem.Fill[before].Device, item.Device)).DefaultIfEmpty().Max();
                var (doneThen, endsThen, freeThen) = (done.ToArray(), ends.ToArray(), free.ToArray());
                doneThen[place]++;
                endsThen[place] = freeThen[item.Device] = Math.Max(ready, free[item.Device]) + item.Duration;
                var isLate = fill[place].Deadline is { } deadline && problem.TimeScale.FromTicks(endsThen[place]) > deadline;
                if (!isLate && Try(doneThen, endsThen, freeThen)) return true;
            }

            return false;
        }
    }

    private static Timeline FillLast(Problem problem, int device)
    {
        var schedule = Family("1f1b", problem);
        return Replay.Run(Schedule.Of(problem, [.. Enumerable.Range(0, problem.Devices).Select(each => each == device
            ? schedule.OperationsOn(each).OrderBy(operation => operation.Item is not null).ToArray()
            : schedule.OperationsOn(each).ToArray())]));
    }

    private static Problem? Created(Profile profile)
    {
        try
        {
            return Problem.Create(profile);
        }
        catch (InvalidProfileException)
        {
            return null;
        }
    }

    private static decimal Makespan(string family, Problem problem) =>
        problem.TimeScale.FromTicks(ScheduleMetrics.Of(Replay.Run(Family(family, problem))).Makespan);

    private static Schedule Family(string name, Problem problem) => FamilyCatalogue.Find(name)!.ScheduleOf(problem);

    /// <summary>1F1B on four devices with eight microbatches, a forward of 1 and a backward of 2.</summary>
    private static Problem Of(FillWork fill, Objective objective = Objective.Makespan, decimal communication = 0) => Problem.Create(
        new Profile
        {
            Pipeline = new() { Devices = 4, Microbatches = 8 },
            Times = new() { Forward = 1, BackwardInput = 1, BackwardWeight = 1, Communication = communication },
            Fill = fill,
        },
        objective,
        splitBackward: false);

    private static FillItem Item(string name, int device, int count = 1) => new() { Name = name, Duration = 2, Count = count, Device = device };
}
