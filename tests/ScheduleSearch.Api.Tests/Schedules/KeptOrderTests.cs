using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Retention;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>Somebody's order under an id of its own, with all that a schedule has, and beside what is searched of its problem.</summary>
public sealed class KeptOrderTests
{
    private const string OneForwardOneBackward = "0F0,0F1,0B0,0F2,0B1,0B2\n1F0,1B0,1F1,1B1,1F2,1B2\n";

    public static TheoryData<string> Databases => TestDatabase.Kinds;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_order_has_all_that_a_schedule_has_and_never_stands_in_for_what_is_searched(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var service = new TestService(database.ConnectionString);
        await service.ReadyAsync();
        var verified = await service.PostAsync("/schedules/verify", Order());
        verified["valid"]!.GetValue<bool>().ShouldBeTrue(verified.Text);
        var (id, searched) = (Id(verified), verified["searched"]!);
        searched["isStored"]!.GetValue<bool>().ShouldBeFalse();
        var links = verified.Response.Headers.GetValues("Link").Single();
        foreach (var place in new[] { "timeline.svg", "instructions", "runtime", "critical-path" })
            links.ShouldContain($"</schedules/{id}/{place}?revision={verified["revision"]}");
        foreach (var link in links.Split(", ").Select(link => link[1..link.IndexOf('>', StringComparison.Ordinal)]))
            (await service.GetAsync(link)).Status.ShouldBe(200, link);
        foreach (var place in new[] { "", "/figures", "/timeline.json", "/trace.json", "/families", "/formats", "/request", "/events" })
            (await service.GetAsync($"/schedules/{id}{place}")).Status.ShouldBe(200, place);
        (await service.GetAsync($"/schedules/{id}/instructions?format=pytorch")).Text.ShouldBe(OneForwardOneBackward);
        (await service.GetAsync($"/schedules/{id[..12]}/timeline.svg")).Text.ShouldContain($"makespan {verified["makespan"]} ms");
        var path = await service.GetAsync($"/schedules/{id}/critical-path");
        JsonNode.DeepEquals(path.Json, verified["criticalPath"]).ShouldBeTrue(path.Text);
        var stored = await service.GetAsync($"/schedules/{id}");
        (stored["id"]!.ToString(), stored["method"]!.ToString(), stored["status"]!.ToString()).ShouldBe((id, "own", "feasible"));
        stored["orderOf"]!.ToString().ShouldBe(searched["id"]!.ToString());
        foreach (var member in new[] { "revision", "makespan", "span", "lowerBound", "gap", "meanIdle", "peakMemory", "idle", "limitedBy" })
            stored[member]!.ToJsonString().ShouldBe(verified[member]!.ToJsonString(), member);
        (await service.GetAsync($"/schedules/{id}/families"))["rows"]!.AsArray()[^1]!["kind"]!.ToString().ShouldBe("own");
        JsonNode.DeepEquals((await service.PostAsync("/schedules/verify", new JsonObject { ["id"] = id }))["makespan"], verified["makespan"]).ShouldBeTrue();

        (await CountAsync(service, "")).ShouldBe(0, "own orders are listed where they are asked for");
        (await CountAsync(service, "?own=true&devices=2&status=feasible")).ShouldBe(1);
        (await service.GetAsync("/schedules?own=perhaps")).Members.ShouldBe(["own"]);

        var solved = await service.PostAsync("/schedules/solve", (await service.GetAsync($"/schedules/{id}/request")).Json, ("Prefer", "wait=30"));
        (solved["cached"]!.GetValue<bool>(), Id(solved)).ShouldBe((false, searched["id"]!.ToString()));
        var beside = await service.PostAsync("/schedules/verify", Order());
        Id(beside).ShouldBe(id);
        beside["searched"]!["isStored"]!.GetValue<bool>().ShouldBeTrue();
        foreach (var member in new[] { "id", "status", "method", "makespan", "span", "lowerBound", "gap" })
            beside["searched"]![member]!.ToJsonString().ShouldBe(solved[member]!.ToJsonString(), member);
        var lost = verified["makespan"]!.GetValue<decimal>() - solved["makespan"]!.GetValue<decimal>();
        (beside["searched"]!["lost"]!.GetValue<decimal>(), lost).ShouldBe((lost, lost));
        lost.ShouldBeGreaterThan(0);
        // What the search proved holds for the order too, and stays with it.
        beside["lowerBound"]!.ToJsonString().ShouldBe(solved["lowerBound"]!.ToJsonString());
        (await service.GetAsync($"/schedules/{id}"))["lowerBound"]!.ToJsonString().ShouldBe(solved["lowerBound"]!.ToJsonString());
        (await service.GetAsync($"/schedules/{id}"))["makespan"]!.ToJsonString().ShouldBe(verified["makespan"]!.ToJsonString());
    }

    [Fact]
    public async Task Nothing_is_stored_of_what_breaks_a_rule_or_is_not_to_be()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        await service.ReadyAsync();
        var broken = await service.PostAsync("/schedules/verify", Order(OneForwardOneBackward.Replace(",1B2", "", StringComparison.Ordinal)));
        (broken["valid"]!.GetValue<bool>(), broken["id"], broken["searched"]).ShouldBe((false, null, null));
        var passing = Order();
        passing["store"] = false;
        var judged = await service.PostAsync("/schedules/verify", passing);
        (judged["id"], judged["searched"]!["isStored"]!.GetValue<bool>()).ShouldBe((null, false));
        judged.Response.Headers.Contains("Link").ShouldBeFalse();
        (await service.PostAsync("/schedules/verify?format=pytorch", Order())).Status.ShouldBe(200);
        (await CountAsync(service, "?own=true")).ShouldBe(0);
        passing["store"] = 1;
        (await service.PostAsync("/schedules/verify", passing)).Members.ShouldBe(["$.store"]);
        (await service.PostAsync("/schedules/verify", """{ "id": "0123456789", "store": true }""")).Members.ShouldBe(["$.store"]);
    }

    [Fact]
    public async Task A_key_has_its_own_orders_under_its_own_names_and_one_that_only_reads_stores_none()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = GuardedService.Start(database, new StubSolver { OnSearch = StubSolver.BetterAsync }, ("Access:Schedules", "own"));
        var (_, ours) = await service.KeyAsync();
        var (_, theirs) = await service.KeyAsync();
        var (_, reader) = await service.KeyAsync(AccessRole.Read);
        var named = Order();
        named["profile"]!["name"] = "ours";
        var id = Id(await service.PostAsync("/schedules/verify", named, ours));
        (await service.GetAsync($"/schedules/{id}", ours)).Status.ShouldBe(200);
        (await service.GetAsync($"/schedules/{id}", theirs)).Status.ShouldBe(404);
        (await service.GetAsync("/schedules?own=true", theirs))["total"]!.GetValue<int>().ShouldBe(0);
        (await service.GetAsync("/schedules?own=true", ours))["items"]![0]!["name"]!.ToString().ShouldBe("ours");

        // What others had searched is not told of.
        await service.PostAsync("/schedules/solve", (await service.GetAsync($"/schedules/{id}/request", ours)).Json, ours, ("Prefer", "wait=30"));
        (await service.PostAsync("/schedules/verify", Order(), ours))["searched"]!["isStored"]!.GetValue<bool>().ShouldBeTrue();
        (await service.PostAsync("/schedules/verify", Order(), theirs))["searched"]!["isStored"]!.GetValue<bool>().ShouldBeFalse();

        var read = await service.PostAsync("/schedules/verify", Order(), reader);
        (read.Status, read["id"], read["valid"]!.GetValue<bool>()).ShouldBe((200, null, true));
        var asked = Order();
        asked["store"] = true;
        var refused = await service.PostAsync("/schedules/verify", asked, reader);
        (refused.Status, refused.Members.Single()).ShouldBe((403, "$.store"), refused.Text);
    }

    [Fact]
    public async Task An_order_that_was_spoilt_is_gone_until_it_is_sent_again_and_one_that_is_old_is_deleted()
    {
        await using var database = await TestDatabase.CreateAsync();
        var solver = new StubSolver();
        await using var service = new TestService(database.ConnectionString, solver);
        await service.ReadyAsync();
        var id = Id(await service.PostAsync("/schedules/verify", Order()));
        var other = Id(await service.PostAsync("/schedules/verify", Order("0F0,0F1,0F2,0B0,0B1,0B2\n1F0,1F1,1F2,1B0,1B1,1B2\n")));
        other.ShouldNotBe(id, "another order of the same problem is another schedule");
        var open = service.Services.GetRequiredService<Func<SchedulesContext>>();
        await using (var context = open())
        {
            var order = await context.Schedules.Where(row => row.Id == other).Select(row => row.Order).SingleAsync();
            await context.Schedules.Where(row => row.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.Order, order).SetProperty(row => row.Revision, 7));
        }

        (await service.GetAsync($"/schedules/{id}")).Status.ShouldBe(404, "a valid order, and another one than the id says");
        (solver.QuickPasses, solver.Searches).ShouldBe((0, 0), "nobody can search an order that somebody sent");
        Id(await service.PostAsync("/schedules/verify", Order())).ShouldBe(id);
        (await service.GetAsync($"/schedules/{id}")).Status.ShouldBe(200);

        await using (var context = open())
        {
            var longAgo = DateTime.UtcNow.AddDays(-40);
            await context.Schedules.Where(row => row.Id == other).ExecuteUpdateAsync(set => set.SetProperty(row => row.UpdatedAt, longAgo));
        }

        var pruning = service.Services.GetRequiredService<Pruning>();
        var report = await pruning.RunAsync(new PruneRule(TimeSpan.FromDays(30), PruneRule.Ended, KeepOptimal: false), isDry: false, CancellationToken.None);
        report.Schedules.ShouldBe(1);
        (await service.GetAsync($"/schedules/{other}")).Status.ShouldBe(404);
        (await service.GetAsync($"/schedules/{id}")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Own_orders_go_from_server_to_server()
    {
        await using var from = await TestDatabase.CreateAsync();
        await using var to = await TestDatabase.CreateAsync();
        await using var service = new TestService(from.ConnectionString, new StubSolver());
        await service.ReadyAsync();
        var id = Id(await service.PostAsync("/schedules/verify", Order()));
        var folder = Directory.CreateTempSubdirectory("schedulesearch-");
        try
        {
            var file = Path.Combine(folder.FullName, "orders.jsonl");
            (await CommandProcess.RunAsync(from.ConnectionString, "export", "--all", "-o", file)).ExitCode.ShouldBe(0);
            var line = await File.ReadAllTextAsync(file);
            await File.AppendAllTextAsync(file, line.Replace("\"isOwn\":true", "\"isOwn\":false", StringComparison.Ordinal));
            var imported = await CommandProcess.RunAsync(to.ConnectionString, "import", file);
            imported.Output.ShouldStartWith("1 schedules were added");
            (imported.Output + imported.Error).ShouldContain("Its id is not that of what was submitted.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        await using var other = new TestService(to.ConnectionString, new StubSolver());
        await other.ReadyAsync();
        (await other.GetAsync($"/schedules/{id}"))["method"]!.ToString().ShouldBe("own");
        (await CountAsync(other, "")).ShouldBe(0);
    }

    private static JsonObject Order(string csv = OneForwardOneBackward) => new()
    {
        ["profile"] = Requests.Solve(microbatches: 3, devices: 2)["profile"]!.DeepClone(),
        ["csv"] = csv,
    };

    private static string Id(Answer answer) => answer["id"]?.GetValue<string>() ?? throw new InvalidOperationException(answer.Text);

    private static async Task<int> CountAsync(TestService service, string query) =>
        (await service.GetAsync($"/schedules{query}"))["total"]!.GetValue<int>();
}
