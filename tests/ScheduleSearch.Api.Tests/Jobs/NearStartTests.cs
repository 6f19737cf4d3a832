using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Jobs;

/// <summary>Searches begin with what is stored of problems of the same shape, by a solver whose own searches find little.</summary>
public sealed class NearStartTests
{
    [Fact]
    public async Task A_search_begins_with_the_order_of_a_near_problem_and_not_with_that_of_another_shape()
    {
        await using var database = await TestDatabase.CreateAsync();
        var solver = new StubSolver { OnSearch = StubSolver.BetterAsync };
        await using var service = new TestService(database.ConnectionString, solver);
        await service.ReadyAsync();
        var stored = await service.PostAsync("/schedules/solve", Body(forward: 1.25m));
        solver.OnSearch = (_, _, known, _, _) => Task.FromResult(known);
        var near = await service.PostAsync("/schedules/solve", Body(forward: 1.4m));
        near["method"]!.ToString().ShouldNotBe("sequential");
        Makespan(near).ShouldBeInRange(Makespan(stored), 1.12m * Makespan(stored));
        (await service.PostAsync("/schedules/solve", Body(forward: 1.4m, microbatches: 9)))["method"]!.ToString().ShouldBe("sequential");
        (await service.PostAsync("/schedules/solve", Body(forward: 1.3m, work: 1)))["method"]!.ToString()
            .ShouldBe("sequential", "a budget of work promises the same answer whatever is stored");
        // The same placement under another name has the same operations.
        var explicitly = Body(forward: 1.5m);
        explicitly["profile"]!["pipeline"]!["placement"] = "explicit";
        explicitly["profile"]!["pipeline"]!["stageDevices"] = new JsonArray(0, 1, 2, 3);
        (await service.PostAsync("/schedules/solve", explicitly))["method"]!.ToString().ShouldNotBe("sequential");
    }

    [Fact]
    public async Task Keys_that_see_their_own_schedules_alone_learn_from_no_others()
    {
        await using var database = await TestDatabase.CreateAsync();
        var solver = new StubSolver { OnSearch = StubSolver.BetterAsync };
        await using var service = GuardedService.Start(database, solver, ("Access:Schedules", "own"));
        var (first, second) = (await service.KeyAsync(), await service.KeyAsync());
        await service.PostAsync("/schedules/solve", Body(forward: 1.25m), first.Header);
        solver.OnSearch = (_, _, known, _, _) => Task.FromResult(known);
        (await service.PostAsync("/schedules/solve", Body(forward: 1.4m), second.Header))["method"]!.ToString().ShouldBe("sequential");
        (await service.PostAsync("/schedules/solve", Body(forward: 1.45m), first.Header))["method"]!.ToString().ShouldNotBe("sequential");
        var id = (await service.PostAsync("/schedules/solve", Body(forward: 1.25m), first.Header))["id"];
        (await service.PostAsync($"/schedules/{id}/research", """{ "profile": {} }""", second.Header)).Status.ShouldBe(404);
    }

    /// <summary>Profiles that ask less one after the other, searched by luck: no answer is worse than the one before it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_profile_that_asks_less_never_has_a_worse_answer_than_one_that_is_stored(int seed)
    {
        var random = new Random(seed);
        await using var database = await TestDatabase.CreateAsync();
        var solver = new StubSolver
        {
            OnSearch = (problem, options, known, improved, cancellation) => random.Next(4) == 0
                ? StubSolver.BetterAsync(problem, options, known, improved, cancellation)
                : Task.FromResult(known),
        };
        await using var service = new TestService(database.ConnectionString, solver);
        await service.ReadyAsync();
        var (times, limit, before) = (new[] { 4m, 4, 4, 4 }, 2, decimal.MaxValue);
        for (var step = 0; step < 12; step++)
        {
            var makespan = Makespan(await service.PostAsync("/schedules/solve", Body(times, limit)));
            makespan.ShouldBeLessThanOrEqualTo(before);
            before = makespan;
            if (random.Next(3) == 0) limit++;
            else times[random.Next(4)] -= 0.05m * random.Next(1, 5);
        }
    }

    private static decimal Makespan(Answer answer) => answer["makespan"]!.GetValue<decimal>();

    private static JsonObject Body(decimal forward, int microbatches = 8, long? work = null)
    {
        var body = Requests.Solve(microbatches, limit: 4, work: work);
        body["profile"]!["times"]!["forward"] = forward;
        return body;
    }

    private static JsonObject Body(decimal[] forward, int limit)
    {
        var body = Requests.Solve(8, limit: limit);
        body["profile"]!["times"]!["forward"] = new JsonArray([.. forward.Select(time => (JsonNode)time)]);
        return body;
    }
}
