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
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        var store = service.Services.GetRequiredService<ScheduleStore>();
        var problem = TheProblem();
        var (poor, good) = (StubSolver.Sequential(problem), QuickPass.Solve(problem));
        (await store.InsertAsync(Submission.Of(problem), new Budget(1, 0, 0, 0), default)).ShouldBeTrue();
        (await store.InsertAsync(Submission.Of(problem), new Budget(1, 0, 0, 0), default)).ShouldBeFalse();

        var stale = (await store.BeginAsync(problem.Id, default)).ShouldBeOfType<StoredProblem>();
        (await store.ImproveAsync(stale, poor, default)).ShouldBeTrue();
        var owner = (await store.BeginAsync(problem.Id, default)).ShouldBeOfType<StoredProblem>();
        (await store.ImproveAsync(stale, good, default)).ShouldBeFalse();
        (await store.LeaveAsync(stale, ScheduleStatus.Optimal, null, default)).ShouldBeFalse();
        (await store.ImproveAsync(owner, good, default)).ShouldBeTrue();
        (await store.ImproveAsync(owner, poor, default)).ShouldBeFalse();
        (await store.ImproveAsync(owner, good, default)).ShouldBeFalse();
        (await store.LeaveAsync(owner, ScheduleStatus.Feasible, null, default)).ShouldBeTrue();

        var stored = (await store.FindAsync(problem.Id, default))!;
        stored.Result.ObjectiveTicks.ShouldBe(good.Objective);
        stored.Version.CreatedAt.Kind.ShouldBe(DateTimeKind.Utc);
        stored.ReadSolution()!.Objective.ShouldBe(good.Objective);
        (await store.BeginAsync(problem.Id, default)).ShouldBeNull();
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
