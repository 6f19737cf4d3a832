using System.Globalization;
using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>What solve answers is valid when it is sent back, whether its numbers are read as decimals or as doubles.</summary>
public class ClaimedTimesTests
{
    [Theory]
    [InlineData(Objective.Makespan)]
    [InlineData(Objective.Span)]
    public void Times_that_a_double_holds_but_for_their_last_digits_are_the_exact_ones(Objective objective)
    {
        var rounded = 0;
        for (var draw = 0; draw < 100; draw++)
        {
            var timeline = Draw(new Random(draw), objective);

            Verify(timeline, time => time).Valid.ShouldBeTrue($"draw {draw}");
            Verify(timeline, AsDouble).Valid.ShouldBeTrue($"draw {draw}");
            rounded += TimedOperation.DevicesOf(timeline).SelectMany(device => device).Count(timed => IsRounded(timeline, timed.End));
        }

        rounded.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void Times_that_are_off_by_more_are_not()
    {
        var timeline = Draw(new Random(1), Objective.Makespan);
        var last = TimedOperation.DevicesOf(timeline).SelectMany(device => device).Max(timed => timed.End);
        var end = timeline.Schedule.Problem.TimeScale.FromTicks(last);

        var verified = Verify(timeline, time => time == end ? time * 1.00000000001m : time);

        verified.Valid.ShouldBeFalse();
        verified.Violations[0].Rule.ShouldBe("duration");
    }

    private static bool IsRounded(Timeline timeline, long ticks)
    {
        var time = timeline.Schedule.Problem.TimeScale.FromTicks(ticks);
        return AsDouble(time) != time;
    }

    /// <summary>A number on its way through a launcher that knows doubles alone: read, and printed with the digits that tell it from others.</summary>
    private static decimal AsDouble(decimal time) => decimal.Parse(
        double.Parse(time.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            .ToString("R", CultureInfo.InvariantCulture),
        NumberStyles.Float, CultureInfo.InvariantCulture);

    private static Verification Verify(Timeline timeline, Func<decimal, decimal> sent)
    {
        var scale = timeline.Schedule.Problem.TimeScale;
        ClaimedOperation[][] devices =
        [
            .. TimedOperation.DevicesOf(timeline).Select(device => device
                .Select(timed => new ClaimedOperation(timed.Operation, null, sent(scale.FromTicks(timed.Start)), sent(scale.FromTicks(timed.End)))).ToArray()),
        ];
        return JudgedOrder.Of(new ClaimedOrder(timeline.Schedule.Problem, devices, ClaimedOrder.Lists)).Verification;
    }

    /// <summary>Times of six digits after the point, cut in slices of uneven shares: sums of them have more digits than a double.</summary>
    private static Timeline Draw(Random random, Objective objective)
    {
        StageValues Each() => StageValues.Each(Enumerable.Range(0, 3).Select(_ => random.Next(1, 999_999_999) / 1_000_000m));
        var profile = new Profile
        {
            Pipeline = new() { Devices = 3, Microbatches = 9 },
            Times = new() { Forward = Each(), BackwardInput = Each(), BackwardWeight = Each(), Communication = random.Next(0, 99_999_999) / 1_000_000m },
            Slices = new SequenceSlices { Count = 3, Forward = [random.Next(1, 999) / 1000m, random.Next(1, 999) / 1000m, random.Next(1, 999) / 1000m] },
        };
        var problem = Problem.Create(profile, objective);
        var graph = OperationGraph.Build(problem);
        return Replay.Run(new Schedule(
            graph, [.. graph.Lanes.Select((_, lane) => Enumerable.Range(0, graph.Count).Where(operation => graph.LaneOf[operation] == lane).ToArray())]));
    }
}
