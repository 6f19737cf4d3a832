using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Api.Tests.Hosting;
using ScheduleSearch.Core.Profiles;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Storage;

public sealed class RehearsalTests
{
    public static TheoryData<string> Databases => TestDatabase.Kinds;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_rehearsal_passes_through_a_search_and_leaves_nothing(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        // A service that takes no turns itself.
        await using var service = new TestService(database.ConnectionString, new StubSolver(), ("Jobs:SweepSeconds", "3600"));
        await service.Services.GetRequiredService<StorageStartup>().Ready;
        var (store, queue) = (service.Services.GetRequiredService<ScheduleStore>(), service.Services.GetRequiredService<ScheduleQueue>());
        var changed = new List<string?>();
        await queue.InsertAsync(Submission.Of(Waiting()), new Budget(1, 0, 0, 0), new Asking("test", IsWaitedFor: true), default);
        var before = (await store.FindAsync(Waiting().Id, default))!;
        service.Services.GetRequiredService<RowChanges>().Changed += changed.Add;

        var found = (await service.Services.GetRequiredService<Rehearsal>().RunAsync(default)).ShouldNotBeNull();

        found.ReadSolution().ShouldNotBeNull().Objective.ShouldBe(found.Result.ObjectiveTicks!.Value);
        (await store.FindAsync(found.Id, default)).ShouldBeNull();
        await using var context = service.Services.GetRequiredService<Func<SchedulesContext>>()();
        (await context.Schedules.Select(row => row.Id).SingleAsync()).ShouldBe(Waiting().Id);
        (await context.Kept.CountAsync()).ShouldBe(0);
        var after = (await store.FindAsync(Waiting().Id, default))!;
        (after.Version, after.Attempt, after.Status).ShouldBe((before.Version, 0, ScheduleStatus.Queued));
        changed.ShouldNotContain(found.Id);
    }

    [Fact]
    public async Task Connections_to_SQLite_leave_it_to_wait_for_its_writer()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        await using var context = service.Services.GetRequiredService<Func<SchedulesContext>>()();
        (await context.Database.SqlQueryRaw<int>("SELECT timeout AS Value FROM pragma_busy_timeout").SingleAsync()).ShouldBe(5000);
    }

    private static Problem Waiting() => Problem.Create(new Profile
    {
        Pipeline = new() { Devices = 3, Microbatches = 4 },
        Times = new() { Forward = 1, BackwardInput = 1, BackwardWeight = 1 },
    });
}
