using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Growth;

/// <summary>Two microbatches on one device, whose activations of 3 grow to 5 with the input gradient.</summary>
public class GrowthRulesTests
{
    [Fact]
    public void An_order_that_oversteps_by_growth_alone_is_told_where()
    {
        Operation[] order = [Forward(0), Forward(1), Input(0), Weight(0), Input(1), Weight(1)];
        Verifier.CheckOrder(Limited(8), [order]).ShouldBeEmpty();
        Verifier.CheckOrder(Limited(7.9m), [order]).Select(violation => (violation.Rule, violation.Position)).ShouldBe([("memory", 2)]);
    }

    [Fact]
    public void What_has_grown_stays_until_the_weight_gradient()
    {
        Operation[] order = [Forward(0), Input(0), Forward(1), Weight(0), Input(1), Weight(1)];
        Verifier.CheckOrder(Limited(8), [order]).ShouldBeEmpty();
        Operation[] late = [Forward(0), Forward(1), Input(0), Input(1), Weight(0), Weight(1)];
        Verifier.CheckOrder(Limited(10), [late]).ShouldBeEmpty();
        Verifier.CheckOrder(Limited(9.9m), [late]).Select(violation => (violation.Rule, violation.Position)).ShouldBe([("memory", 3)]);
    }

    [Fact]
    public void A_fused_backward_grows_too()
    {
        Operation[] order = [Forward(0), Forward(1), Operation.Backward(0, 0), Operation.Backward(0, 1)];
        Verifier.CheckOrder(Limited(8), [order]).ShouldBeEmpty();
        Verifier.CheckOrder(Limited(7.9m), [order]).Select(violation => (violation.Rule, violation.Position)).ShouldBe([("memory", 2)]);
    }

    private static Problem Limited(decimal limit) =>
        Problem.Create(Shape.Profile(devices: 1, microbatches: 2, activation: 3, retained: 5, limit: limit));

    private static Operation Forward(int microbatch) => Operation.Forward(0, microbatch);

    private static Operation Input(int microbatch) => Operation.BackwardInput(0, microbatch);

    private static Operation Weight(int microbatch) => Operation.BackwardWeight(0, microbatch);
}
