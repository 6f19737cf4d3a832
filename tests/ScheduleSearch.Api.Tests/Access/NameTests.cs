using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Access;

/// <summary>What keys see of each other: never a name, and schedules as the settings say.</summary>
public sealed class NameTests
{
    private const string Secret = "moonshot-70b";

    public static TheoryData<string> Databases => TestDatabase.Kinds;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_a_key_calls_its_profile_is_shown_to_no_other(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var service = GuardedService.Start(database, new StubSolver { OnSearch = StubSolver.BetterAsync });
        var (_, ours) = await service.KeyAsync();
        var (_, theirs) = await service.KeyAsync();
        var (_, admin) = await service.KeyAsync(AccessRole.Admin);
        string[] ids = [await SolveAsync(service, Named(Secret), ours), await SolveAsync(service, Best(Secret), ours)];
        foreach (var other in new[] { theirs, admin })
        {
            foreach (var path in Paths(service, ids))
            {
                var answer = await service.GetAsync(path, other);
                answer.Status.ShouldBeOneOf(200, 422);
                answer.Text.ShouldNotContain(Secret, Case.Insensitive, path);
                answer.Response.Headers.ToString().ShouldNotContain(Secret);
            }
        }

        foreach (var id in ids)
        {
            var stored = await service.Services.GetRequiredService<ScheduleStore>().FindAsync(id, CancellationToken.None);
            (stored!.Name, stored.Request.Contains(Secret, StringComparison.Ordinal)).ShouldBe((null, false), "names do not stand with what all share");
            (await service.GetAsync($"/schedules/{id}/timeline.svg", ours)).Text.ShouldContain(Secret);
            (await service.GetAsync($"/schedules/{id}/instructions?format=svg", ours)).Text.ShouldContain(Secret);
        }

        (await NamesAsync(service, ours)).Distinct().ShouldBe([Secret]);
        (await service.GetAsync("/schedules?name=MOONshot", ours))["total"]!.GetValue<int>().ShouldBeGreaterThan(1);
        (await service.GetAsync("/schedules?name=MOONshot", theirs))["total"]!.GetValue<int>().ShouldBe(0);
        (await NamesAsync(service, theirs)).Distinct().ShouldBe([null]);

        await SolveAsync(service, Named("theirs"), theirs);
        (await NamesAsync(service, theirs)).Count(name => name == "theirs").ShouldBe(1);
        (await NamesAsync(service, ours)).ShouldNotContain("theirs");
        (await service.GetAsync($"/schedules/{ids[0]}/timeline.svg", theirs)).Text.ShouldContain("theirs");
        (await service.GetAsync($"/schedules/{ids[0]}/timeline.svg", ours)).Text.ShouldContain(Secret);
    }

    [Fact]
    public async Task A_picture_under_a_name_is_kept_for_who_gave_it_and_changes_with_it()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = GuardedService.Start(database, new StubSolver { OnSearch = StubSolver.BetterAsync });
        var (_, ours) = await service.KeyAsync();
        var id = await SolveAsync(service, Named("before"), ours);
        var picture = await service.GetAsync($"/schedules/{id}/timeline.svg", ours);
        var tag = ("If-None-Match", picture.Response.Headers.ETag!.ToString());
        (await service.GetAsync($"/schedules/{id}/timeline.svg", ours, tag)).Status.ShouldBe(304);
        await SolveAsync(service, Named("after"), ours);
        var renamed = await service.GetAsync($"/schedules/{id}/timeline.svg", ours, tag);
        renamed.Status.ShouldBe(200);
        renamed.Text.ShouldContain("after");
        var revision = picture.Response.Headers.GetValues("Schedule-Revision").Single();
        var stream = await service.GetAsync($"/schedules/{id}/instructions?format=pytorch&revision={revision}", ours);
        var kept = stream.Response.Headers.CacheControl!;
        (kept.Public, kept.Private, kept.ToString().Contains("immutable", StringComparison.Ordinal)).ShouldBe((false, true, true), "not for proxies");
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Where_schedules_are_a_keys_own_others_are_answered_as_if_there_were_none(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var service = GuardedService.Start(database, new StubSolver { OnSearch = StubSolver.BetterAsync }, ("Access:Schedules", "own"));
        var (_, ours) = await service.KeyAsync();
        var (_, theirs) = await service.KeyAsync();
        var (_, admin) = await service.KeyAsync(AccessRole.Admin);
        string[] ids = [await SolveAsync(service, Named(Secret), ours), await SolveAsync(service, Best(Secret), ours)];
        var alternatives = (await service.GetAsync($"/schedules/{ids[1]}", ours))["alternatives"]!.AsArray()
            .Select(alternative => alternative!["id"]?.GetValue<string>()).OfType<string>();
        foreach (var path in Paths(service, [.. ids, .. alternatives]).Where(path => path.StartsWith("/schedules/", StringComparison.Ordinal)))
        {
            (await service.GetAsync(path, theirs)).Status.ShouldBe(404, path);
            (await service.GetAsync(path, ours)).Status.ShouldBeOneOf(200, 422);
            (await service.GetAsync(path, admin)).Status.ShouldBeOneOf(200, 422);
        }

        var verify = new JsonObject { ["id"] = ids[0] };
        (await service.PostAsync("/schedules/verify", verify, theirs)).Status.ShouldBe(404);
        (await service.PostAsync("/schedules/verify", verify, ours)).Status.ShouldBe(200);
        (await service.SendAsync(HttpMethod.Delete, $"/schedules/{ids[0]}", null, theirs)).Status.ShouldBe(404);
        (await service.GetAsync($"/schedules/{ids[0][..10]}", theirs)).Status.ShouldBe(404);
        (await service.GetAsync($"/schedules/{ids[0][..10]}", ours)).Status.ShouldBe(200);
        (await service.GetAsync("/schedules", theirs))["total"]!.GetValue<int>().ShouldBe(0);
        (await service.GetAsync("/schedules", ours))["total"]!.GetValue<int>().ShouldBe(ids.Length);
        (await service.GetAsync("/schedules", admin))["total"]!.GetValue<int>().ShouldBe((await service.GetAsync("/schedules", ours))["total"]!.GetValue<int>());

        // Who can state a problem has its schedule.
        (await SolveAsync(service, Named("theirs"), theirs)).ShouldBe(ids[0]);
        (await service.GetAsync($"/schedules/{ids[0]}", theirs)).Status.ShouldBe(200);
        (await NamesAsync(service, theirs)).ShouldBe(["theirs"]);
    }

    [Fact]
    public async Task A_search_is_stopped_by_who_asked_for_it_or_an_admin()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = GuardedService.Start(database, new StubSolver { OnSearch = StubSolver.UntilStoppedAsync });
        var (_, ours) = await service.KeyAsync();
        var (_, theirs) = await service.KeyAsync();
        var (_, admin) = await service.KeyAsync(AccessRole.Admin);
        foreach (var (microbatches, entitled) in new[] { (5, ours), (6, admin) })
        {
            var asked = await service.PostAsync("/schedules/solve", Requests.Solve(microbatches, seconds: 60), ours, ("Prefer", "respond-async"));
            var path = $"/schedules/{asked["id"]!.GetValue<string>()}";
            var refused = await service.SendAsync(HttpMethod.Delete, path, null, theirs);
            (refused.Status, refused.MediaType).ShouldBe((403, "application/problem+json"));
            (await service.GetAsync(path, ours))["status"]!.GetValue<string>().ShouldBeOneOf("queued", "running");
            (await service.SendAsync(HttpMethod.Delete, path, null, entitled)).Status.ShouldBe(200);
        }
    }

    /// <summary>Every path at which a schedule can be read, in every format; and the lists.</summary>
    private static IEnumerable<string> Paths(TestService service, string[] ids)
    {
        var reads = service.Endpoints().Where(each => each.Method == "GET").Select(each => each.Endpoint).ToList();
        var ofSchedules = reads.Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/schedules/{id}", StringComparison.Ordinal)).ToList();
        ofSchedules.Count.ShouldBeGreaterThanOrEqualTo(6);
        string[] formats = ["native", "pytorch", "chrome-trace", "svg", "timeline"];
        return
        [
            "/schedules", "/schedules?pageSize=1&page=2",
            .. ids.SelectMany(id => ofSchedules.Select(endpoint => endpoint.PathFor(id))),
            .. ids.SelectMany(id => formats.Select(format => $"/schedules/{id}/instructions?format={format}")),
        ];
    }

    private static JsonObject Named(string name)
    {
        var body = Requests.Solve();
        body["profile"]!["name"] = name;
        return body;
    }

    private static JsonObject Best(string name)
    {
        var body = Named(name);
        (body["profile"]!["pipeline"]!["placement"], body["profile"]!["pipeline"]!["chunks"]) = ("best", 2);
        return body;
    }

    private static async Task<string> SolveAsync(TestService service, JsonObject body, (string Name, string Value) key)
    {
        var answer = await service.PostAsync("/schedules/solve", body, key);
        answer.Status.ShouldBeOneOf(200, 202);
        answer.Text.ShouldNotContain("\"name\"");
        var id = answer["id"]!.GetValue<string>();
        for (var attempt = 0; (await service.GetAsync($"/schedules/{id}", key))["status"]!.GetValue<string>() is "queued" or "running"; attempt++)
        {
            attempt.ShouldBeLessThan(1200);
            await Task.Delay(50);
        }

        return id;
    }

    private static async Task<List<string?>> NamesAsync(TestService service, (string Name, string Value) key) =>
        [.. (await service.GetAsync("/schedules", key))["items"]!.AsArray().Select(item => item!["name"]?.GetValue<string>())];
}
