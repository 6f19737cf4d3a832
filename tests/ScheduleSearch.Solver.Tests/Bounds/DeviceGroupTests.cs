using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Bounds;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Solver.Tests.Bounds;

public class DeviceGroupTests
{
    private static readonly SearchBudget Unlimited = new(Work: null, Seed: 0, Workers: 1);

    /// <summary>Eight stages that differ by up to a tenth, at three quarters of 1F1B's memory.</summary>
    private static Profile Uneven(Func<decimal, StageValues> uneven) => new()
    {
        Pipeline = new() { Devices = 8, Microbatches = 24 },
        Times = new() { Forward = uneven(10402), BackwardInput = uneven(10248), BackwardWeight = uneven(7698), Communication = 421 },
        Memory = new() { Limit = 6m, Activation = 1m, Retained = 0.432432m },
    };

    [Fact]
    public void Grow_along_the_pipeline_from_its_first_device_to_all()
    {
        var profile = Shape.Profile(5, 8, limit: 3);
        var groups = DeviceGroup.Of(Problem.Create(profile));
        groups.Select(group => group.Devices.Count).ShouldBe([1, 2, 4, 5]);
        groups.Select(group => group.BoundName).ShouldBe(["device-relaxation", "adjacent-devices", "adjacent-devices", "window-bound"]);

        var turned = profile with { Pipeline = profile.Pipeline with { Placement = "explicit", StageDevices = [4, 2, 0, 1, 3] } };
        DeviceGroup.Of(Problem.Create(turned))[1].Devices.Order().ShouldBe([2, 4]);
    }

    [Fact]
    public void One_device_alone_proves_more_than_the_closed_forms_and_two_prove_more_than_one()
    {
        var problem = Problem.Create(Uneven(time => StageValues.Each(Enumerable.Range(0, 8).Select(stage => Math.Round(time * (1 + stage % 5 * 0.025m), 1)))));
        var closed = BoundCatalogue.Best(problem).Ticks;
        var groups = DeviceGroup.Of(problem);
        var one = Prove(problem, groups[0], doublings: 5);
        var two = Prove(problem, groups[1], doublings: 5);
        problem.TimeScale.FromTicks(one).ShouldBe(883752.8m);
        problem.TimeScale.FromTicks(two).ShouldBe(896938.8m);
        problem.TimeScale.FromTicks(closed).ShouldBe(852922.4m);
    }

    [Fact]
    public void Never_exceed_the_optimum_of_every_order()
    {
        var random = new Random(3);
        var (bounded, better, exact) = (new int[2], 0, 0);
        for (var draw = 0; draw < 1500; draw++)
        {
            var problem = SmallProblems.Draw(random);
            if (problem.Placement.Pipes != 1 || ExhaustiveSearch.Solve(problem) is not { } search) continue;
            foreach (var group in Adjacent(problem))
            {
                var ticks = Prove(problem, group);
                ticks.ShouldBeLessThanOrEqualTo(search.Optimum, $"case {draw}, devices {string.Join(",", group.Devices)}");
                bounded[(int)problem.Objective]++;
                if (ticks > BoundCatalogue.Best(problem).Ticks) better++;
                if (ticks == search.Optimum) exact++;
            }
        }

        bounded.Min().ShouldBeGreaterThan(500);
        better.ShouldBeGreaterThan(20);
        exact.ShouldBeGreaterThan(500);
    }

    [Fact]
    public void Never_exceed_known_optima()
    {
        foreach (var oracle in ProvedOptimum.All())
        {
            foreach (var group in Adjacent(oracle.Problem))
                oracle.Problem.TimeScale.FromTicks(Prove(oracle.Problem, group, work: 500_000)).ShouldBeLessThanOrEqualTo(oracle.Optimum, oracle.Name);
        }
    }

    /// <summary>Each device, and each device with the next.</summary>
    private static IEnumerable<DeviceGroup> Adjacent(Problem problem) =>
        from first in Enumerable.Range(0, problem.Devices)
        from count in new[] { 1, 2 }
        where first + count <= problem.Devices
        select new DeviceGroup([.. Enumerable.Range(first, count)], DeviceGroup.AdjacentDevices);

    private static long Prove(Problem problem, DeviceGroup group, int doublings = 0, long? work = null)
    {
        using var board = new SearchBoard(QuickPass.Solve(problem), targetGap: 0, improved: _ => { });
        var search = new WindowSearch(new WindowTimes(problem), Unlimited with { Work = work }, CancellationToken.None) { Doublings = doublings };
        search.Close(board, group);
        return board.Best.Bound.Ticks;
    }
}
