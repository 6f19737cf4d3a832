using ScheduleSearch.Solver.Processes;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Solver.Tests.Processes;

/// <summary>Children are kept as long as they are warm, alive and few.</summary>
[Collection(SolverChildren.Alone)]
public sealed class SolverPoolTests
{
    [Fact]
    public void A_child_that_came_back_is_rented_again()
    {
        using var pool = Pool(warm: 1);
        var child = pool.Rent();
        var id = child.Id;
        pool.Return(child);
        using var again = pool.Rent();
        again.Id.ShouldBe(id);
        again.IsAlive.ShouldBeTrue();
    }

    [Fact]
    public void No_more_are_kept_warm_than_is_set()
    {
        using var pool = Pool(warm: 1);
        var (one, other) = (pool.Rent(), pool.Rent());
        other.Id.ShouldNotBe(one.Id);
        var id = one.Id;
        pool.Return(one);
        pool.Return(other);
        Should.Throw<InvalidOperationException>(() => other.IsAlive, "it is disposed of");
        using var kept = pool.Rent();
        kept.Id.ShouldBe(id);
    }

    [Fact]
    public void A_child_that_died_while_it_waited_is_not_rented()
    {
        using var pool = Pool(warm: 2);
        var child = pool.Rent();
        var id = child.Id;
        pool.Return(child);
        using (var process = System.Diagnostics.Process.GetProcessById(id))
        {
            process.Kill();
            process.WaitForExit();
        }

        using var next = pool.Rent();
        next.Id.ShouldNotBe(id);
        next.IsAlive.ShouldBeTrue();
    }

    [Fact]
    public void A_dead_child_is_not_taken_back()
    {
        using var pool = Pool(warm: 1);
        var child = pool.Rent();
        var id = child.Id;
        child.Kill();
        SpinWait.SpinUntil(() => !child.IsAlive, TimeSpan.FromMinutes(1)).ShouldBeTrue();
        pool.Return(child);
        using var next = pool.Rent();
        next.Id.ShouldNotBe(id);
    }

    [Fact]
    public void When_the_pool_is_gone_so_are_its_children()
    {
        var pool = Pool(warm: 2);
        var (idle, busy) = (pool.Rent(), pool.Rent());
        pool.Return(idle);
        pool.Dispose();
        Should.Throw<InvalidOperationException>(() => idle.IsAlive, "it is disposed of");
        busy.IsAlive.ShouldBeTrue();
        pool.Return(busy);
        Should.Throw<InvalidOperationException>(() => busy.IsAlive, "it is disposed of");
    }

    [Fact]
    public async Task A_full_pool_has_as_many_children_as_are_kept_warm_and_they_say_when_they_are()
    {
        using var pool = Pool(warm: 2);
        (await pool.IsWarmAsync()).ShouldBeFalse("there is none");
        pool.Fill();
        pool.Fill();
        (await pool.IsWarmAsync()).ShouldBeTrue();
        var (one, other) = (pool.Rent(), pool.Rent());
        one.IsWarm.ShouldBeTrue("the one that is warm comes first");
        (await other.Warm).ShouldBeTrue();
        using var third = pool.Rent();
        third.IsWarm.ShouldBeFalse("it has only been started");
        pool.Return(one);
        pool.Return(other);
    }

    [Fact]
    public async Task A_child_that_is_lost_has_another_one_warmed_in_its_place()
    {
        using var pool = Pool(warm: 1);
        var lost = pool.Rent();
        var id = lost.Id;
        pool.Replace(lost);
        (await pool.IsWarmAsync()).ShouldBeTrue("it stands by without having been asked for");
        using var next = pool.Rent();
        next.Id.ShouldNotBe(id);
        (await lost.Warm).ShouldBeFalse();
    }

    private static SolverPool Pool(int warm) => new(new SolverSettings { WarmChildren = warm }, _ => { });
}
