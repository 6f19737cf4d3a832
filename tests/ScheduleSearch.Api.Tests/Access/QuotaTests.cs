using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Access;

/// <summary>What a key may have at most, and how it is told that it has that.</summary>
public sealed class QuotaTests
{
    private static readonly (string Name, string Value) Async = ("Prefer", "respond-async");

    public static TheoryData<string> Databases => TestDatabase.Kinds;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Replicas_together_let_a_key_have_as_many_unfinished_solves_as_its_quota_says(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var solver = new StubSolver { OnSearch = StubSolver.UntilStoppedAsync };
        await using var one = GuardedService.Start(database, solver);
        await using var two = GuardedService.Start(database, solver);
        var (_, key) = await one.KeyAsync(quotas: new Quotas(null, 3, null));
        var (_, other) = await one.KeyAsync();
        var asked = await Task.WhenAll(Enumerable.Range(2, 12).Select(microbatches =>
            (microbatches % 2 == 0 ? one : two).PostAsync("/schedules/solve", Requests.Solve(microbatches, seconds: 60), key, Async)));
        asked.Count(answer => answer.Status == 202).ShouldBe(3);
        var refused = asked.Where(answer => answer.Status != 202).ToList();
        refused.ShouldAllBe(answer => IsRefusal(answer, "ConcurrentSolves"));

        var unfinished = asked.First(answer => answer.Status == 202);
        (await one.PostAsync("/schedules/solve", Requests.Solve(40, seconds: 60), other, Async)).Status.ShouldBe(202, "a quota is one key's");
        (await two.PostAsync("/schedules/compare", Requests.Solve(41), key, Async)).Status.ShouldBe(429);

        await StopAsync(one, two, unfinished["id"]!.GetValue<string>(), key);
        (await two.PostAsync("/schedules/solve", Requests.Solve(42, seconds: 60), key, Async)).Status.ShouldBe(202, "what has ended does not count");
        (await two.PostAsync("/schedules/solve", Requests.Solve(43, seconds: 60), key, Async)).Status.ShouldBe(429);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Seconds_of_search_count_for_a_day_whatever_process_searched_them(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var solver = new StubSolver
        {
            OnSearch = async (_, _, known, _, _) =>
            {
                await Task.Delay(1500, CancellationToken.None);
                return known;
            },
        };
        (string Name, string Value) key;
        await using (var first = GuardedService.Start(database, solver))
        {
            (_, key) = await first.KeyAsync(quotas: new Quotas(null, null, 3));
            var tooMuch = await first.PostAsync("/schedules/solve", Requests.Solve(5, seconds: 4), key);
            IsRefusal(tooMuch, "SolverSecondsPerDay").ShouldBeTrue(tooMuch.Text);
            (await first.PostAsync("/schedules/solve", Requests.Solve(5, seconds: 2), key)).Status.ShouldBe(200);
        }

        await using var second = GuardedService.Start(database, solver);
        var spent = await second.PostAsync("/schedules/solve", Requests.Solve(6, seconds: 2), key);
        IsRefusal(spent, "SolverSecondsPerDay").ShouldBeTrue(spent.Text);
        spent["detail"]!.GetValue<string>().ShouldContain("of 3 seconds of search are spent");
        var cached = await second.PostAsync("/schedules/solve", Requests.Solve(5, seconds: 2), key);
        (cached.Status, cached["cached"]!.GetValue<bool>()).ShouldBe((200, true), "what is stored costs nothing");
        (await second.PostAsync("/schedules/solve", Requests.Solve(6, seconds: 1), key)).Status.ShouldBe(200, "as much is left");
    }

    [Fact]
    public async Task Seconds_that_are_promised_to_unfinished_solves_cannot_be_asked_for_again()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = GuardedService.Start(database, new StubSolver { OnSearch = StubSolver.UntilStoppedAsync });
        var (_, key) = await service.KeyAsync(quotas: new Quotas(null, null, 100));
        var first = await service.PostAsync("/schedules/solve", Requests.Solve(5, seconds: 60), key, Async);
        var second = await service.PostAsync("/schedules/solve", Requests.Solve(6, seconds: 60), key, Async);
        (first.Status, second.Status).ShouldBe((202, 429));
        second.Response.Headers.RetryAfter!.Delta!.Value.ShouldBeLessThan(TimeSpan.FromMinutes(1), "it may give some back soon");
        var same = await service.PostAsync("/schedules/solve", Requests.Solve(5, seconds: 60), key, Async);
        same.Status.ShouldBe(202, "the same solve is promised once");
        (await service.SendAsync(HttpMethod.Delete, $"/schedules/{first["id"]!.GetValue<string>()}", null, key)).Status.ShouldBe(200);
        (await service.PostAsync("/schedules/solve", Requests.Solve(6, seconds: 60), key, Async)).Status.ShouldBe(202);
    }

    [Fact]
    public async Task What_the_service_is_too_busy_for_is_not_counted()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = GuardedService.Start(database, new StubSolver { OnSearch = StubSolver.UntilStoppedAsync }, ("Jobs:MaxUnfinished", "1"));
        var (_, key) = await service.KeyAsync(quotas: new Quotas(null, 1, null));
        var (_, other) = await service.KeyAsync();
        var theirs = await service.PostAsync("/schedules/solve", Requests.Solve(5, seconds: 60), other, Async);
        var busy = await service.PostAsync("/schedules/solve", Requests.Solve(6, seconds: 60), key, Async);
        (theirs.Status, busy.Status, IsRefusal(busy, "ConcurrentSolves")).ShouldBe((202, 429, false));
        (await service.SendAsync(HttpMethod.Delete, $"/schedules/{theirs["id"]!.GetValue<string>()}", null, other)).Status.ShouldBe(200);
        var next = await service.PostAsync("/schedules/solve", Requests.Solve(7, seconds: 60), key, Async);
        next.Status.ShouldBe(202, next.Text);
    }

    [Fact]
    public async Task Requests_are_counted_for_each_key_and_what_is_open_is_not_counted()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = GuardedService.Start(database, null, ("Access:RequestsPerMinute", "5"));
        var (_, key) = await service.KeyAsync();
        var (_, wide) = await service.KeyAsync(quotas: new Quotas(20, null, null));
        (await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => service.GetAsync("/families", key)))).Count(answer => answer.Status == 200).ShouldBe(5);
        IsRefusal(await service.GetAsync("/families", key), "RequestsPerMinute").ShouldBeTrue();
        (await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => service.GetAsync("/families", wide)))).ShouldAllBe(answer => answer.Status == 200);
        (await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => service.GetAsync("/healthz", key)))).ShouldAllBe(answer => answer.Status == 200);
        // Guesses count against the address that they come from.
        var guesses = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => service.GetAsync("/families", GuardedService.Bearer(ApiKey.Create().Text))));
        guesses.Select(answer => answer.Status).Order().ShouldBe([401, 401, 401, 401, 401, 429, 429, 429, 429, 429, 429, 429]);
    }

    [Fact]
    public async Task Without_keys_an_address_has_the_quotas_of_the_settings()
    {
        await using var database = await TestDatabase.CreateAsync();
        var solver = new StubSolver { OnSearch = StubSolver.UntilStoppedAsync };
        await using var service = new TestService(database.ConnectionString, solver, ("Access:ConcurrentSolves", "1"));
        (await service.PostAsync("/schedules/solve", Requests.Solve(5, seconds: 60), Async)).Status.ShouldBe(202);
        IsRefusal(await service.PostAsync("/schedules/solve", Requests.Solve(6, seconds: 60), Async), "ConcurrentSolves").ShouldBeTrue();
    }

    [Fact]
    public async Task What_counts_requests_and_its_timer_end_with_the_service()
    {
        await using var database = await TestDatabase.CreateAsync();
        RequestRate rate;
        await using (var service = GuardedService.Start(database, null, ("Access:RequestsPerMinute", "5")))
        {
            (await service.GetAsync("/families", GuardedService.Bearer(ApiKey.Create().Text))).Status.ShouldBe(401);
            rate = service.Services.GetRequiredService<RequestRate>();
            await rate.CountAsync(new DefaultHttpContext(), _ => Task.CompletedTask);
        }

        await Should.ThrowAsync<ObjectDisposedException>(() => rate.CountAsync(new DefaultHttpContext(), _ => Task.CompletedTask));
    }

    private static async Task StopAsync(TestService one, TestService two, string id, (string Name, string Value) key)
    {
        foreach (var service in new[] { one, two }) await service.SendAsync(HttpMethod.Delete, $"/schedules/{id}", null, key);
        for (var attempt = 0; (await one.GetAsync($"/schedules/{id}", key))["status"]!.GetValue<string>() is "queued" or "running"; attempt++)
        {
            attempt.ShouldBeLessThan(200);
            await Task.Delay(50);
        }
    }

    private static bool IsRefusal(Answer answer, string quota) =>
        answer.Status == 429 && answer.MediaType == "application/problem+json" && answer.Response.Headers.RetryAfter is { Delta.TotalSeconds: >= 1 }
        && answer["detail"]!.GetValue<string>().Contains($"The quota {quota}", StringComparison.Ordinal);
}
