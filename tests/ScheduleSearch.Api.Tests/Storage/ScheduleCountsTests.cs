using Microsoft.Extensions.DependencyInjection;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Storage;

public sealed class ScheduleCountsTests
{
    public static TheoryData<string> Kinds => TestDatabase.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Rows_count_by_state_and_the_longest_waiting_one_is_found(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var solver = new StubSolver { OnSearch = StubSolver.UntilStoppedAsync };
        await using var service = new TestService(database.ConnectionString, solver, ("Jobs:Searches", "1"));
        await service.Services.GetRequiredService<StorageStartup>().Ready;
        var counts = service.Services.GetRequiredService<ScheduleCounts>();
        var none = await counts.ReadAsync(CancellationToken.None);
        (none.Rows.Count, none.OldestQueued).ShouldBe((0, null));

        var before = DateTime.UtcNow;
        await service.PostAsync("/schedules/solve", Requests.Solve(4, seconds: 60), ("Prefer", "respond-async"));
        await WaitForAsync(counts, standing => standing.Rows.GetValueOrDefault(ScheduleStatus.Running) == 1);
        await service.PostAsync("/schedules/solve", Requests.Solve(5, seconds: 60), ("Prefer", "respond-async"));
        await service.PostAsync("/schedules/solve", Requests.Solve(6, seconds: 60), ("Prefer", "respond-async"));
        var standing = await WaitForAsync(counts, standing => standing.Rows.GetValueOrDefault(ScheduleStatus.Queued) == 2);
        standing.Rows[ScheduleStatus.Running].ShouldBe(1);
        standing.OldestQueued!.Value.ShouldBeInRange(before.AddSeconds(-1), DateTime.UtcNow);
    }

    private static async Task<TableStanding> WaitForAsync(ScheduleCounts counts, Func<TableStanding, bool> condition)
    {
        for (var attempt = 0; ; attempt++, await Task.Delay(50))
        {
            var standing = await counts.ReadAsync(CancellationToken.None);
            if (condition(standing)) return standing;
            attempt.ShouldBeLessThan(600);
        }
    }
}
