using FsCheck.Xunit;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Tests.Instructions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Schedules;

/// <summary>Backwards of the last stage right after their forwards: free where the schedule takes both in the same turn, left alone elsewhere.</summary>
public class LossesInTurnTests
{
    [Property(MaxTest = 300)]
    public FsCheck.Property It_costs_neither_time_nor_memory(Seed seed)
    {
        var random = new Random(seed.Item);
        var (devices, microbatches) = (random.Next(1, 5), random.Next(1, 8));
        StageValues Drawn() => StageValues.Each(Enumerable.Range(0, devices).Select(_ => (decimal)random.Next(1, 9)));
        var profile = Shape.Profile(devices, microbatches) with
        {
            Times = new() { Forward = Drawn(), BackwardInput = Drawn(), BackwardWeight = Drawn(), Communication = random.Next(0, 4) },
        };
        var problem = Problem.Create(profile, random.Next(2) == 0 ? Objective.Makespan : Objective.Span, splitBackward: false);
        var given = RandomSchedules.InOrder(Replay.Run(RandomOrders.Next(problem, random))).Schedule;
        var made = LossesInTurn.Of(given);
        if (ReferenceEquals(given, made)) return DrawnCase.SetAside;

        LossesInTurn.Holds(made).ShouldBeTrue();
        var (before, after) = (Replay.Run(given), Replay.Run(made));
        Verifier.Check(problem, TimedOperation.DevicesOf(after)).ShouldBeEmpty();
        var (had, has) = (ScheduleMetrics.Of(before), ScheduleMetrics.Of(after));
        (has.Makespan <= had.Makespan && has.Span <= had.Span).ShouldBeTrue();
        has.PeakMemory.Zip(had.PeakMemory).ShouldAllBe(peaks => peaks.First <= peaks.Second);
        return DrawnCase.Checked;
    }

    [Theory]
    [InlineData("1f1b", true)]
    [InlineData("eager-1f1b", true)]
    [InlineData("gpipe", false)]
    [InlineData("gpipe-reversed", false)]
    public void Families_keep_what_they_are(string family, bool holds) =>
        LossesInTurn.Holds(FamilyCatalogue.Find(family)!.ScheduleOf(Problem.Create(Shape.Profile(devices: 3, microbatches: 4)))).ShouldBe(holds);

    [Fact]
    public void Where_backwards_run_in_another_turn_the_schedule_stays() =>
        Unchanged(Problem.Create(Shape.Profile(devices: 3, microbatches: 4), splitBackward: false), "gpipe-reversed");

    [Fact]
    public void What_has_split_backwards_or_several_stages_a_device_stays()
    {
        Unchanged(Problem.Create(Shape.Profile(devices: 3, microbatches: 4)), "gpipe");
        Unchanged(Problem.Create(Shape.Profile(devices: 2, microbatches: 4, chunks: 2, "interleaved"), splitBackward: false), "breadth-first");
    }

    private static void Unchanged(Problem problem, string family)
    {
        var schedule = FamilyCatalogue.Find(family)!.ScheduleOf(problem);
        LossesInTurn.Of(schedule).ShouldBeSameAs(schedule);
    }
}
