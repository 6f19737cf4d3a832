using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Families;

public class InterleavedTests
{
    [Fact]
    public void With_one_chunk_it_is_plain_one_forward_one_backward_for_any_number_of_microbatches()
    {
        var plain = FamilyCatalogue.All.Single(family => family.Name == "1f1b");
        var interleaved = new InterleavedOneForwardOneBackward();
        for (var devices = 1; devices <= 8; devices++)
        {
            for (var microbatches = 1; microbatches <= 20; microbatches++)
            {
                var problem = Of(devices, microbatches, chunks: 1);
                FamilyCatalogue.WhyNot(interleaved, problem).ShouldBeNull();
                interleaved.Order(problem).ShouldBe(plain.Order(Problem.Create(Shape.Profile(devices, microbatches))));
            }
        }
    }

    [Theory]
    [InlineData(4, 9, "Microbatches go in groups of 4 and the last group may not be short: set microbatches to 8 or 12.")]
    [InlineData(4, 3, "Microbatches go in groups of 4 and the last group may not be short: set microbatches to 4.")]
    [InlineData(4, 8, null)]
    public void A_short_last_group_is_refused_with_the_nearest_that_would_do(int devices, int microbatches, string? reason) =>
        FamilyCatalogue.WhyNot(new InterleavedOneForwardOneBackward(), Of(devices, microbatches, chunks: 2)).ShouldBe(reason);

    [Fact]
    public void A_group_of_two_less_than_the_devices_deadlocks_and_is_refused()
    {
        var family = new InterleavedOneForwardOneBackward(groupSize: 2);
        var problem = Of(devices: 4, microbatches: 8, chunks: 2);

        FamilyCatalogue.WhyNot(family, problem).ShouldBe("Groups of 2 deadlock on 4 devices: use groups of at least 3, such as interleaved-1f1b-4, or gis.");
        Should.Throw<DeadlockException>(() => Replay.Run(Schedule.Of(problem, family.Order(problem))));
    }

    [Fact]
    public void Every_other_group_size_that_is_admitted_runs_and_from_p_on_costs_the_same()
    {
        for (var devices = 2; devices <= 6; devices++)
        {
            for (var size = devices - 1; size <= 2 * devices; size++)
            {
                var family = new InterleavedOneForwardOneBackward(size);
                for (var chunks = 2; chunks <= 3; chunks++)
                {
                    var problem = Of(devices, 2 * size, chunks);
                    FamilyCatalogue.WhyNot(family, problem).ShouldBeNull();
                    FamilyTests.ShouldRun(family, problem);
                    var metrics = ScheduleMetrics.Of(Replay.Run(Schedule.Of(problem, family.Order(problem))));
                    var (p, work) = (devices, 2 * size * chunks);
                    metrics.PeakMemory.ShouldBe(Enumerable.Range(0, p).Select(d => Math.Min(2L * (p - 1 - d) + (chunks - 1) * size + 1, work)));
                    if (size >= devices) metrics.Makespan.ShouldBe(3 * (work + p - 1));
                }
            }
        }
    }

    [Fact]
    public void A_group_size_of_its_own_is_part_of_the_name_and_the_words()
    {
        var family = new InterleavedOneForwardOneBackward(groupSize: 6);

        family.Name.ShouldBe("interleaved-1f1b-6");
        family.Conditions.ShouldBe("With two chunks or more: at most 7 devices, and microbatches a multiple of 6.");
        family.Description.ShouldContain("groups of 6");
    }

    private static Problem Of(int devices, int microbatches, int chunks) =>
        Problem.Create(Shape.Profile(devices, microbatches, chunks, "interleaved"));
}
