using System.Linq.Expressions;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Api.Tests.Hosting;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Solutions;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Retention;

public sealed class PruningTests
{
    /// <summary>Microbatches of the problem whose search goes on until it is stopped.</summary>
    private const int Long = 30;

    public static TheoryData<string> Databases => TestDatabase.Kinds;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_command_deletes_what_is_old_and_nothing_that_is_needed(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var service = new TestService(database.ConnectionString, new StubSolver { OnSearch = SearchAsync });
        await service.ReadyAsync();
        var best = Requests.Solve(6, gap: 1);
        best["profile"]!["pipeline"]!["placement"] = "best";
        var choice = await service.PostAsync("/schedules/solve", best);
        choice.Status.ShouldBe(200);
        var old = await IdOfAsync(service, Requests.Solve(4));
        var optimal = await IdOfAsync(service, Requests.Solve(1));
        var young = await IdOfAsync(service, Requests.Solve(7));
        var running = (await service.PostAsync("/schedules/solve", Requests.Solve(Long), ("Prefer", "respond-async")))["id"]!.GetValue<string>();
        // One that cannot lead is not tried and has no row.
        var alternative = choice["alternatives"]!.AsArray().First(each => each!["makespan"] is not null)!["id"]!.GetValue<string>();
        (await service.GetAsync($"/schedules/{optimal}"))["status"]!.GetValue<string>().ShouldBe("optimal");
        await AgeAsync(service, row => row.Id != young && row.Id != choice["id"]!.GetValue<string>());

        var open = service.Services.GetRequiredService<Func<SchedulesContext>>();
        await using (var context = open())
        {
            context.AddRange(new[] { old, young }.Select(id => new AskerRow { KeyId = "key", ScheduleId = id, Name = "name" }));
            await context.SaveChangesAsync();
        }

        var dry = await CommandProcess.RunAsync(database.ConnectionString, "prune", "--older-than", "30d", "--keep-optimal", "--dry-run");
        (dry.ExitCode, dry.Output, dry.Error).ShouldBe((0, "1 schedules and 0 batches would be deleted.\n", ""));
        var pruned = await CommandProcess.RunAsync(database.ConnectionString, "prune", "--older-than", "30d", "--keep-optimal");
        (pruned.ExitCode, pruned.Output).ShouldBe((0, "1 schedules and 0 batches were deleted.\n"));
        (await StatusAsync(service, old)).ShouldBe(404);
        await using (var context = open()) (await context.Askers.Select(asker => asker.ScheduleId).ToListAsync()).ShouldBe([young], "names go with what they name");
        foreach (var kept in new[] { optimal, young, running, alternative }) (await StatusAsync(service, kept)).ShouldBe(200, kept);

        (await CommandProcess.RunAsync(database.ConnectionString, "prune", "--older-than", "30d", "--status", "canceled", "failed")).Output
            .ShouldStartWith("0 schedules");
        (await CommandProcess.RunAsync(database.ConnectionString, "prune", "--older-than", "30d", "--status", "optimal")).Output.ShouldStartWith("1 schedules");
        (await StatusAsync(service, optimal)).ShouldBe(404);
        (await service.GetAsync($"/schedules/{choice["id"]}"))["makespan"]!.ToJsonString().ShouldBe(choice["makespan"]!.ToJsonString());

        // Nobody needs the alternatives any more once the choice goes too.
        await AgeAsync(service, row => true);
        (await CommandProcess.RunAsync(database.ConnectionString, "prune", "--older-than", "30d")).ExitCode.ShouldBe(0);
        (await service.GetAsync("/schedules"))["total"]!.GetValue<int>().ShouldBe(1, "the search that goes on");
    }

    [Theory]
    [InlineData("--older-than: '30' is not", "--older-than", "30")]
    [InlineData("--status: 'running' is not", "--older-than", "1d", "--status", "running")]
    public async Task What_is_misspelt_deletes_nothing(string error, params string[] options)
    {
        await using var database = await TestDatabase.CreateAsync();
        var refused = await CommandProcess.RunAsync(database.ConnectionString, ["prune", .. options]);
        refused.ExitCode.ShouldBe(1);
        refused.Error.ShouldStartWith(error);
    }

    [Fact]
    public async Task The_service_deletes_what_its_settings_say()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(
            database.ConnectionString, new StubSolver(), ("Retention:OlderThan", "1d"), ("Retention:EveryMinutes", "0.01"));
        await service.ReadyAsync();
        var old = await IdOfAsync(service, Requests.Solve(4));
        var young = await IdOfAsync(service, Requests.Solve(5));
        var batch = (await service.PostAsync("/batches", new JsonArray(Requests.Solve(6))))["id"]!.GetValue<string>();
        while ((await service.GetAsync($"/batches/{batch}"))["status"]!.GetValue<string>() != "done") await Task.Delay(50);
        await AgeAsync(service, row => row.Id != young);
        await using (var context = Open(service))
            await context.Database.ExecuteSqlRawAsync("UPDATE batches SET \"CreatedAt\" = '2026-01-01 00:00:00'");
        for (var attempt = 0; await StatusAsync(service, old) != 404 || (await service.GetAsync($"/batches/{batch}")).Status != 404; attempt++)
        {
            attempt.ShouldBeLessThan(600, "what is old is still there");
            await Task.Delay(50);
        }

        (await StatusAsync(service, young)).ShouldBe(200);
        await using var left = Open(service);
        (await left.BatchItems.AnyAsync()).ShouldBeFalse();
    }

    private static Task<Solution> SearchAsync(
        Problem problem, SolveOptions options, Solution known, Action<Solution> improved, CancellationToken cancellation) => problem.Microbatches switch
        {
            Long => StubSolver.UntilStoppedAsync(problem, options, known, improved, cancellation),
            1 => StubSolver.BetterAsync(problem, options, known, improved, cancellation),
            _ => Task.FromResult(known),
        };

    private static async Task<string> IdOfAsync(TestService service, JsonNode body) =>
        (await service.PostAsync("/schedules/solve", body))["id"]!.GetValue<string>();

    private static async Task<int> StatusAsync(TestService service, string id) => (await service.GetAsync($"/schedules/{id}")).Status;

    private static SchedulesContext Open(TestService service) => service.Services.GetRequiredService<Func<SchedulesContext>>()();

    private static async Task AgeAsync(TestService service, Expression<Func<ScheduleRow, bool>> which)
    {
        await using var context = Open(service);
        var then = DateTime.UtcNow.AddDays(-31);
        await context.Schedules.Where(which).ExecuteUpdateAsync(set => set.SetProperty(row => row.UpdatedAt, then));
    }
}
