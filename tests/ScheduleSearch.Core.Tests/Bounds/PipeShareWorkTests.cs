using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Bounds;

/// <summary>Two devices in two pipes: on a device a microbatch of one pipe takes 4, one of the other takes 6.</summary>
public class PipeShareWorkTests
{
    [Theory]
    // By microbatches of the first pipe from 0 to 3, the devices work 18 and 12, 16 and 14, 14 and 16, 12 and 18.
    [InlineData(0, 0, 16)]
    [InlineData(0, 2, 16)]
    [InlineData(2, 0, 16)]
    [InlineData(0, 5, 18)]
    [InlineData(0, 10, 22)]
    [InlineData(10, 0, 22)]
    [InlineData(100, 100, 116)]
    public void The_share_that_costs_least_counts(long first, long second, long least) =>
        new PipeShareWork(Problem.Create(Uneven)).Least([first, second]).ShouldBe(least);

    [Fact]
    public void The_least_is_that_of_every_share()
    {
        var random = new Random(20_261_127);
        for (var draw = 0; draw < 200; draw++)
        {
            var profile = Shape.Profile(3, random.Next(1, 12), placement: "bidirectional");
            profile = profile with { Times = profile.Times with { Forward = Draw(), BackwardInput = Draw(), BackwardWeight = Draw() } };
            var problem = Problem.Create(profile);
            long[] extra = [random.Next(0, 50), random.Next(0, 50), random.Next(0, 50)];
            long Work(int stage) => problem.Forward[stage] + problem.BackwardInput[stage] + problem.BackwardWeight[stage];

            var least = Enumerable.Range(0, problem.Microbatches + 1)
                .Min(share => Enumerable.Range(0, 3).Max(device => share * Work(device) + (problem.Microbatches - share) * Work(2 - device) + extra[device]));
            new PipeShareWork(problem).Least(extra).ShouldBe(least, $"case {draw}");
        }

        StageValues Draw() => StageValues.Each(Enumerable.Range(0, 3).Select(_ => (decimal)random.Next(1, 10)));
    }

    [Fact]
    public void A_pipe_that_memory_has_no_room_for_has_no_share()
    {
        // The first stage needs 2 and the second one 1, which is what the devices of the first pipe have.
        var tight = Uneven with { Memory = new() { Activation = new[] { 2m, 1m }, Limit = new[] { 2m, 1m } } };
        var shares = new PipeShareWork(Problem.Create(tight));

        shares.Paths.Count.ShouldBe(1);
        shares.Least([0, 0]).ShouldBe(3 * 6);
        shares.Least([7, 0]).ShouldBe(3 * 4 + 7);
    }

    private static readonly Profile Uneven = new()
    {
        Pipeline = new() { Devices = 2, Placement = "bidirectional", Microbatches = 3 },
        Times = new() { Forward = new[] { 1m, 2m }, BackwardInput = new[] { 2m, 1m }, BackwardWeight = new[] { 1m, 3m } },
    };
}
