using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Storage;

public sealed class KeptSchedulesTests
{
    public static TheoryData<string> Databases => TestDatabase.Kinds;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_was_answered_with_is_kept_for_its_time_and_then_dropped(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        var (stored, open) = await SolveAsync(service);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var kept = Kept(open, time, new KeepSettings { Minutes = 15 });
        await kept.KeepAsync("first", stored, CancellationToken.None);
        time.Advance(TimeSpan.FromMinutes(14));
        var found = await kept.FindAsync("first", stored.Revision!, CancellationToken.None);
        found!.Revision.ShouldBe(stored.Revision);
        found.ReadSolution()!.Objective.ShouldBe(stored.ReadSolution()!.Objective);
        (await kept.FindAsync("second", stored.Revision!, CancellationToken.None)).ShouldBeNull();
        time.Advance(TimeSpan.FromMinutes(2));
        (await kept.FindAsync("first", stored.Revision!, CancellationToken.None)).ShouldBeNull();
        await kept.KeepAsync("second", stored, CancellationToken.None);
        (await IdsAsync(open)).ShouldBe(["second"]);
    }

    [Fact]
    public async Task Two_replicas_that_keep_the_same_do_not_fail()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        var (stored, open) = await SolveAsync(service);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var one = Kept(open, time, new KeepSettings());
        using var other = Kept(open, time, new KeepSettings());
        await one.KeepAsync(stored.Id, stored, CancellationToken.None);
        await other.KeepAsync(stored.Id, stored, CancellationToken.None);
        (await IdsAsync(open)).ShouldBe([stored.Id]);
    }

    [Fact]
    public async Task Of_one_id_so_many_are_kept_as_the_settings_say()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        var open = service.Services.GetRequiredService<Func<SchedulesContext>>();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var kept = Kept(open, time, new KeepSettings { MostOfOne = 2 });
        var all = new List<StoredSchedule>();
        for (var microbatches = 2; microbatches < 6; microbatches++)
        {
            all.Add((await SolveAsync(service, microbatches)).Stored);
            await kept.KeepAsync("same", all[^1], CancellationToken.None);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        var found = new List<bool>();
        foreach (var stored in all) found.Add(await kept.FindAsync("same", stored.Revision!, CancellationToken.None) is not null);
        found.ShouldBe([false, false, true, true]);
    }

    private static KeptSchedules Kept(Func<SchedulesContext> open, TimeProvider time, KeepSettings settings) =>
        new(open, Options.Create(settings), time, NullLogger<KeptSchedules>.Instance);

    private static async Task<(StoredSchedule Stored, Func<SchedulesContext> Open)> SolveAsync(TestService service, int microbatches = 4)
    {
        var id = (await service.PostAsync("/schedules/solve", Requests.Solve(microbatches)))["id"]!.GetValue<string>();
        var stored = await service.Services.GetRequiredService<ScheduleStore>().FindAsync(id, CancellationToken.None);
        return (stored!, service.Services.GetRequiredService<Func<SchedulesContext>>());
    }

    private static async Task<List<string>> IdsAsync(Func<SchedulesContext> open)
    {
        await using var context = open();
        return await context.Kept.Select(row => row.Id).ToListAsync();
    }
}
