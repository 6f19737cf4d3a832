using ScheduleSearch.Core.Estimates.Plans;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Estimates.Plans;

/// <summary>The formula by which plans are ranked.</summary>
public class PipetteTimeTests
{
    /// <summary>Four ranks, eight microbatches, work of 3, messages of 1: why the formula ranks, and simulated schedules decide.</summary>
    [Fact]
    public void It_says_45_where_simulated_1F1B_takes_49()
    {
        PipetteTime.Of(work: 3, messages: 2 * 3 * 1, sums: 0, ranks: 4, chunks: 1, microbatches: 8).Value.ShouldBe(45);
        Simulated(devices: 4, microbatches: 8, communication: 1).ShouldBe(49);
    }

    [Theory]
    [InlineData(4, 8)]
    [InlineData(4, 10)]
    [InlineData(4, 2)]
    [InlineData(1, 5)]
    public void Without_messages_it_is_what_simulated_1F1B_takes(int devices, int microbatches) =>
        PipetteTime.Of(3, 0, 0, devices, 1, microbatches).Value.ShouldBe((double)Simulated(devices, microbatches, communication: 0), tolerance: 1e-9);

    /// <summary>As published: (m / p) (p C + M) + (p - 1) C, and p C + M + (m - 1) C for fewer microbatches than ranks.</summary>
    [Theory]
    [InlineData(4, 12)]
    [InlineData(6, 6)]
    [InlineData(8, 3)]
    public void It_is_the_published_one_where_ranks_divide_microbatches_or_there_are_fewer(int ranks, int microbatches)
    {
        const double Work = 7, Messages = 11, Sums = 13;
        var rounds = microbatches / ranks;
        var published = rounds >= 1
            ? rounds * (ranks * Work + Messages) + (ranks - 1) * Work + Sums
            : ranks * Work + Messages + (microbatches - 1) * Work + Sums;
        PipetteTime.Of(Work, Messages, Sums, ranks, 1, microbatches).Value.ShouldBe(published, tolerance: 1e-9);
    }

    [Fact]
    public void The_formula_has_the_values_put_in() => PipetteTime.Of(3, 6, 2.5, 4, 2, 8).Formula
        .ShouldBe("8·3 work + 3·3/2 bubble + 2·6 messages + 2.5 sums of gradients = 43 ms");

    private static decimal Simulated(int devices, int microbatches, decimal communication)
    {
        var problem = Problem.Create(new()
        {
            Pipeline = new()
            {
                Devices = devices,
                Microbatches = microbatches,
            },
            Times = new()
            {
                Forward = 1,
                BackwardInput = 1,
                BackwardWeight = 1,
                Communication = communication,
            },
        });
        var timeline = Replay.Run(Schedule.Of(problem, FamilyCatalogue.Find("1f1b")!.Order(problem)));
        return problem.TimeScale.FromTicks(ScheduleMetrics.Of(timeline).Makespan);
    }
}
