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

    [Fact]
    public void Stages_of_equal_numbers_hold_the_microbatches_of_all_of_them()
    {
        // Four microbatches in all: three whole activations and the rest of the fourth take 10 of 11 units; all of them would take 12.
        PendingWork.Most([new(2, 3, 4, 1, 3), new(2, 3, 4, 1, 3)], 11).ShouldBe(3 * 4 + 3);
        PendingWork.Most([new(2, 3, 4, 1, 3), new(2, 3, 4, 1, 3)], 12).ShouldBe(4 * 4);
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
    public void With_many_kinds_of_stages_and_microbatches_it_is_between_a_choice_and_every_price_of_memory(int seed)
    {
        var random = new Random(seed);
        var stages = Enumerable.Range(0, 8)
            .Select(_ => new PendingStage(500, random.Next(900_000, 1_100_000), random.Next(20_000, 30_000), random.Next(300_000, 400_000), random.Next(5_000, 15_000)))
            .ToArray();
        var capacity = random.NextInt64(16_000_000, 4_000_000_000);

        var most = PendingWork.Most(stages, capacity);

        most.ShouldBeGreaterThanOrEqualTo(Greedy(stages, capacity));
        var prices = stages
            .SelectMany(stage => new[]
            {
                (stage.WorkOfRest, stage.Rest), (stage.WorkOfWhole - stage.WorkOfRest, stage.Whole - stage.Rest), (stage.WorkOfWhole, stage.Whole),
            })
            .Append((0, 1));
        foreach (var (work, memory) in prices) ((decimal)most).ShouldBeLessThanOrEqualTo(AtPrice(stages, capacity, (decimal)work / memory) + 0.001m);
    }

    /// <summary>The rests with most work for their memory, then whole activations in the place of rests as long as there is room.</summary>
    private static long Greedy(PendingStage[] stages, long capacity)
    {
        var (room, work) = (capacity, 0L);
        var moves = stages.Select(stage => (stage.Count, Memory: stage.Rest, Work: stage.WorkOfRest)).OrderByDescending(move => (double)move.Work / move.Memory)
            .Concat(stages.Select(stage => (stage.Count, Memory: stage.Whole - stage.Rest, Work: stage.WorkOfWhole - stage.WorkOfRest)));
        foreach (var (most, memory, gain) in moves)
        {
            // A rest that is not there gives way to nothing.
            var count = Math.Min(most, room / memory);
            (room, work) = (room - count * memory, work + count * gain);
            if (count < most) break;
        }

        return work;
    }

    /// <summary>What all choices come to when memory costs so much: no choice that fits does more work.</summary>
    private static decimal AtPrice(PendingStage[] stages, long capacity, decimal price) =>
        capacity * price
        + stages.Sum(stage => stage.Count * Math.Max(0, Math.Max(stage.WorkOfWhole - stage.Whole * price, stage.WorkOfRest - stage.Rest * price)));

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
