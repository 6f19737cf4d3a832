using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Api.Tests.Hosting;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Solver.Search.Constructions;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Storage;

public sealed class ScheduleStoreTests
{
    public static TheoryData<string> Databases => TestDatabase.Kinds;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Only_the_last_attempt_writes_and_only_what_is_better(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        // A service that takes no turns itself.
        await using var service = new TestService(database.ConnectionString, new StubSolver(), ("Jobs:SweepSeconds", "3600"));
        var (store, queue) = (service.Services.GetRequiredService<ScheduleStore>(), service.Services.GetRequiredService<ScheduleQueue>());
        var problem = TheProblem();
        var (poor, good) = (StubSolver.Sequential(problem), QuickPass.Solve(problem));
        var asking = new Asking("test", IsWaitedFor: true);
        (await queue.InsertAsync(Submission.Of(problem), new Budget(1, 0, 0, 0), asking, default)).ShouldBeTrue();
        (await queue.InsertAsync(Submission.Of(problem), new Budget(1, 0, 0, 0), asking, default)).ShouldBeFalse();

        var stale = (await queue.TakeAsync(Lane.Quick, default)).ShouldBeOfType<StoredProblem>();
        (await queue.TakeAsync(Lane.Quick, default)).ShouldBeNull("it is taken");
        (await store.ImproveAsync(stale, poor, default)).ShouldBeTrue();
        (await queue.ReleaseAsync(stale, default)).ShouldBeTrue();
        var owner = (await queue.TakeAsync(Lane.Search, default)).ShouldBeOfType<StoredProblem>();
        (await store.ImproveAsync(stale, good, default)).ShouldBeFalse();
        (await queue.RenewAsync(stale, stale.Spent, default)).IsHeld.ShouldBeFalse();
        (await queue.LeaveAsync(stale, ScheduleStatus.Optimal, null, default)).ShouldBeFalse();
        (await queue.ReleaseAsync(stale, default)).ShouldBeFalse();
        (await store.ImproveAsync(owner, good, default)).ShouldBeTrue();
        (await store.ImproveAsync(owner, poor, default)).ShouldBeFalse();
        (await store.ImproveAsync(owner, good, default)).ShouldBeFalse();
        (await queue.RenewAsync(owner, owner.Spent, default)).IsHeld.ShouldBeTrue();
        (await queue.LeaveAsync(owner, ScheduleStatus.Feasible, null, default)).ShouldBeTrue();

        var stored = (await store.FindAsync(problem.Id, default))!;
        stored.Result.ObjectiveTicks.ShouldBe(good.Objective);
        stored.Version.CreatedAt.Kind.ShouldBe(DateTimeKind.Utc);
        stored.ReadSolution()!.Objective.ShouldBe(good.Objective);
        (await queue.TakeAsync(Lane.Search, default)).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_row_that_no_longer_verifies_is_searched_anew(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var solver = new StubSolver { OnSearch = StubSolver.BetterAsync };
        await using var service = new TestService(database.ConnectionString, solver);
        var right = await service.PostAsync("/schedules/solve", Requests.Solve());
        var id = right["id"]!.GetValue<string>();
        await using (var context = service.Services.GetRequiredService<Func<SchedulesContext>>()())
        {
            await context.Schedules.ExecuteUpdateAsync(set => set
                .SetProperty(row => row.ObjectiveTicks, row => row.ObjectiveTicks - 1)
                .SetProperty(row => row.Revision, row => row.Revision + 1));
        }

        (await service.GetAsync($"/schedules/{id}")).Status.ShouldBe(200);
        var again = await service.PostAsync("/schedules/solve", Requests.Solve());
        again["makespan"]!.GetValue<decimal>().ShouldBe(right["makespan"]!.GetValue<decimal>());
        solver.QuickPasses.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_migrations_make_the_present_model(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        await using var context = service.Services.GetRequiredService<Func<SchedulesContext>>()();
        context.Database.HasPendingModelChanges().ShouldBeFalse();
        (await context.Database.GetPendingMigrationsAsync()).ShouldBeEmpty();
    }

    private static Problem TheProblem()
    {
        var errors = new List<ProfileError>();
        var profile = System.Text.Json.JsonSerializer.SerializeToElement(Requests.Solve()["profile"]);
        return Problem.Create(ProfileJson.ReadProfile(profile, "$.profile", errors)!);
    }
}
