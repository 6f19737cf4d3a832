using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Agents;

/// <summary>A search that outlasts the call which asked for it.</summary>
public sealed class LongSolveTests
{
    [Fact]
    public async Task A_call_tells_how_far_the_search_is_and_answers_with_the_best_so_far()
    {
        await using var database = await TestDatabase.CreateAsync();
        var solver = new StubSolver { OnSearch = StubSolver.UntilStoppedAsync };
        await using var service = new TestService(database.ConnectionString, solver, ("Jobs:GraceSeconds", "0"));
        await using var agent = await Agent.ConnectAsync(service.Http.BaseAddress!);
        var begun = await service.PostAsync("/schedules/solve", Requests.Solve(seconds: 1), ("Prefer", "respond-async"));
        await service.WaitWhileAsync(begun["id"]!.GetValue<string>(), "queued");
        var told = new Told();

        var solved = await agent.CallAsync("solve", Requests.Solve(seconds: 1), told);

        (solved["status"]!.GetValue<string>(), solved["method"]!.GetValue<string>()).ShouldBe(("running", "sequential"));
        solved["next"]!.GetValue<string>().ShouldContain("same arguments");
        told.Values.ShouldContain(progress => progress.Message!.StartsWith("running: best", StringComparison.Ordinal) && progress.Total == 1);
        var explained = await agent.CallAsync("explain", new JsonObject { ["id"] = solved["id"]!.DeepClone() });
        explained["status"]!.GetValue<string>().ShouldBe("running");
        // The call waited for the search that was there.
        solver.Searches.ShouldBe(1);
    }

    /// <summary>What was told, in the order in which it came.</summary>
    private sealed class Told : IProgress<ProgressNotificationValue>
    {
        public ConcurrentQueue<ProgressNotificationValue> Values { get; } = [];

        public void Report(ProgressNotificationValue value) => Values.Enqueue(value);
    }
}
