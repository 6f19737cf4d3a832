using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.TwoPipes;

/// <summary>A microbatch runs down one pipe.</summary>
public class TwoPipesRulesTests
{
    private static readonly Problem Problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 1, placement: "bidirectional"), splitBackward: false);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Either_pipe_will_do(int pipe) => Verifier.CheckOrder(Problem, [On(0, pipe), On(1, pipe)]).ShouldBeEmpty();

    [Fact]
    public void A_microbatch_that_runs_down_both_has_too_much_though_nothing_is_missing()
    {
        var violations = Verifier.CheckOrder(Problem, [[.. On(0, 0), .. On(0, 1)], [.. On(1, 0), .. On(1, 1)]]);

        violations.Select(violation => (violation.Rule, violation.Device, violation.Position))
            .ShouldBe([("completeness", 0, 2), ("completeness", 0, 3), ("completeness", 1, 2), ("completeness", 1, 3)]);
        violations[0].Message.ShouldBe("The forward of stage 1, microbatch 0, pipe 1 runs in pipe 1; other operations of its microbatch run in pipe 0.");
    }

    /// <summary>The operations of a device in a pipe: the second pipe has its first stage on the last device.</summary>
    private static Operation[] On(int device, int pipe)
    {
        var stage = pipe == 0 ? device : 1 - device;
        return [Operation.Forward(stage, 0) with { Pipe = pipe }, Operation.Backward(stage, 0) with { Pipe = pipe }];
    }
}
