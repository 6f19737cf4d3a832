using FsCheck.Xunit;
using ScheduleSearch.Core.Bounds;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Bounds;

public class PendingWorkTests
{
    [Fact]
    public void Whole_activations_give_way_to_the_rest_where_that_is_more_work()
    {
        // Room for 8 units: one whole activation of 3 for 4 ticks and five rests of 1 for 3 ticks each beat two whole ones and two rests.
        PendingWork.Most([new(6, 3, 4, 1, 3)], 8).ShouldBe(19);
    }

    [Fact]
    public void Memory_that_costs_nothing_holds_everything()
    {
        PendingWork.Most([new(5, 0, 4, 0, 1), new(3, 2, 7, 1, 1)], 5).ShouldBe(5 * 4 + 2 * 7 + 1);
    }

    [Property]
    public void Equals_the_best_of_all_choices(int seed)
    {
        var random = new Random(seed);
        var stages = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Draw(random)).ToArray();
        var capacity = random.Next(0, 25);
        PendingWork.Most(stages, capacity).ShouldBe(Best(stages, capacity));
    }

    [Property(MaxTest = 30)]
    public void With_many_kinds_of_stages_and_microbatches_it_is_no_less_than_any_choice(int seed)
    {
        var random = new Random(seed);
        var stages = Enumerable.Range(0, 8)
            .Select(_ => new PendingStage(500, random.Next(900_000, 1_100_000), random.Next(20_000, 30_000), random.Next(300_000, 400_000), random.Next(5_000, 15_000)))
            .ToArray();
        const long capacity = 16_000_000;
        var (room, work) = (capacity, 0L);
        foreach (var stage in stages.OrderByDescending(stage => (double)stage.WorkOfRest / stage.Rest))
        {
            var count = Math.Min(stage.Count, room / stage.Rest);
            (room, work) = (room - count * stage.Rest, work + count * stage.WorkOfRest);
        }

        var most = PendingWork.Most(stages, capacity);
        most.ShouldBeGreaterThanOrEqualTo(work);
        most.ShouldBeLessThanOrEqualTo(capacity / 300_000 * 15_000 + capacity / 900_000 * 30_000);
    }

    private static PendingStage Draw(Random random)
    {
        var (whole, work) = (random.Next(0, 6), random.Next(0, 9));
        return new(random.Next(0, 5), whole, work, random.Next(0, whole + 1), random.Next(0, work + 1));
    }

    private static long Best(ReadOnlySpan<PendingStage> stages, long room)
    {
        if (stages.IsEmpty) return 0;
        var (stage, best) = (stages[0], 0L);
        for (var whole = 0; whole <= stage.Count; whole++)
        {
            for (var rest = 0; whole + rest <= stage.Count; rest++)
            {
                var left = room - whole * stage.Whole - rest * stage.Rest;
                if (left >= 0) best = Math.Max(best, whole * stage.WorkOfWhole + rest * stage.WorkOfRest + Best(stages[1..], left));
            }
        }

        return best;
    }
}
