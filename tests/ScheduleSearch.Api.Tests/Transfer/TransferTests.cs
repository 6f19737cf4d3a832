using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Transfer;

public sealed class TransferTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("schedulesearch-").FullName;

    public static TheoryData<string> Databases => TestDatabase.Kinds;

    private string Lines => Path.Combine(_folder, "schedules.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Schedules_go_from_server_to_server(string kind)
    {
        await using var from = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
        await using var to = await TestDatabase.CreateAsync(kind);
        var best = Requests.Solve(6);
        best["profile"]!["pipeline"]!["placement"] = "best";
        JsonObject[] requests = [Requests.Solve(4), Requests.Solve(1), Requests.Solve(8, objective: "span", limit: 4), best];
        var made = new List<Answer>();
        await using (var service = new TestService(from.ConnectionString, new StubSolver { OnSearch = StubSolver.BetterAsync }))
        {
            await service.ReadyAsync();
            foreach (var request in requests) made.Add(await service.PostAsync("/schedules/solve", request));
        }

        var file = Path.Combine(_folder, "schedules.jsonl.gz");
        var written = await CommandProcess.RunAsync(from.ConnectionString, "export", "--all", "-o", file);
        (written.ExitCode, written.Error).ShouldBe((0, ""));
        var imported = await CommandProcess.RunAsync(to.ConnectionString, "import", file, "--trusted");
        (imported.ExitCode, imported.Error).ShouldBe((0, ""));
        imported.Output.ShouldContain("0 improved, 0 left as they are, 0 refused");

        var solver = new StubSolver();
        await using var other = new TestService(to.ConnectionString, solver);
        await other.ReadyAsync();
        foreach (var (before, request) in made.Zip(requests))
        {
            var after = await other.PostAsync("/schedules/solve", request);
            after["cached"]!.GetValue<bool>().ShouldBeTrue();
            foreach (var member in new[] { "id", "status", "makespan", "span", "lowerBound", "gap", "method", "devices" })
                after[member]!.ToJsonString().ShouldBe(before[member]!.ToJsonString(), member);
        }

        (solver.QuickPasses, solver.Searches).ShouldBe((0, 0));
        (await CommandProcess.RunAsync(to.ConnectionString, "import", file, "--trusted")).Output.ShouldStartWith("0 schedules were added, 0 improved");
    }

    [Fact]
    public async Task Only_what_is_better_is_taken()
    {
        await using var good = await TestDatabase.CreateAsync();
        await using var poor = await TestDatabase.CreateAsync();
        await using var better = new TestService(good.ConnectionString, new StubSolver { OnSearch = StubSolver.BetterAsync });
        await better.ReadyAsync();
        await using var worse = new TestService(poor.ConnectionString, new StubSolver());
        await worse.ReadyAsync();
        var (high, low) = (await better.PostAsync("/schedules/solve", Requests.Solve(5)), await worse.PostAsync("/schedules/solve", Requests.Solve(5)));
        low["makespan"]!.GetValue<decimal>().ShouldBeGreaterThan(high["makespan"]!.GetValue<decimal>());

        await ExportAsync(poor, low["id"]!);
        (await ImportAsync(good)).Output.ShouldStartWith("0 schedules were added, 0 improved, 1 left");
        await ExportAsync(good, high["id"]!);
        (await ImportAsync(poor)).Output.ShouldStartWith("0 schedules were added, 1 improved");
        // The running service answers with it at once.
        (await worse.GetAsync($"/schedules/{low["id"]}"))["makespan"]!.ToJsonString().ShouldBe(high["makespan"]!.ToJsonString());
    }

    [Fact]
    public async Task What_a_strangers_file_claims_is_not_believed()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var target = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        await service.ReadyAsync();
        var answer = await service.PostAsync("/schedules/solve", Requests.Solve(5));
        var other = await service.PostAsync("/schedules/solve", Requests.Solve(6));
        await ExportAsync(database, answer["id"]!);
        var line = JsonNode.Parse(await File.ReadAllTextAsync(Lines))!.AsObject();
        await ExportAsync(database, other["id"]!);
        var otherLine = JsonNode.Parse(await File.ReadAllTextAsync(Lines))!.AsObject();
        string[] lines =
        [
            "{", "null", "[]", "7", "{}",
            Changed(changed => changed["id"] = otherLine["id"]!.DeepClone()),
            Changed(changed => changed["order"] = otherLine["order"]!.DeepClone()),
            Changed(changed => changed["order"] = "AAAA"),
            Changed(changed => changed["order"] = Convert.ToBase64String([3, .. new byte[2000]])),
            Changed(changed => changed.Remove("order")),
            Changed(changed => changed["method"] = "<script>"),
            Changed(changed => changed["version"] = 2),
            Changed(changed => changed["more"] = 1),
            Changed(changed => changed["request"]!["profile"]!["pipeline"]!["devices"] = 1_000_000),
            Changed(changed => changed["request"] = "x"),
            // Optimal, after a long search: neither can be checked.
            Changed(changed =>
            {
                changed["boundTicks"] = 1_000_000_000;
                changed["spentSeconds"] = 1e9;
            }),
        ];
        await File.WriteAllLinesAsync(Lines, lines);
        var imported = await ImportAsync(target);
        imported.ExitCode.ShouldBe(1);
        imported.Output.ShouldStartWith($"1 schedules were added, 0 improved, 0 left as they are, {lines.Length - 1} refused.");
        for (var number = 1; number < lines.Length; number++) imported.Output.ShouldContain($"Line {number.ToString(CultureInfo.InvariantCulture)}: ");

        var solver = new StubSolver();
        await using var wary = new TestService(target.ConnectionString, solver);
        await wary.ReadyAsync();
        var stored = await wary.GetAsync($"/schedules/{answer["id"]}");
        stored["status"]!.GetValue<string>().ShouldBe("feasible");
        stored["lowerBound"]!.ToJsonString().ShouldBe(answer["lowerBound"]!.ToJsonString());
        (await wary.GetAsync("/schedules"))["total"]!.GetValue<int>().ShouldBe(1);
        (await wary.PostAsync("/schedules/solve", Requests.Solve(5)))["cached"]!.GetValue<bool>().ShouldBeFalse();
        solver.Searches.ShouldBe(1);

        // A false bound does not pass a trusted file either when a schedule is below it.
        await File.WriteAllLinesAsync(Lines, [lines[^1]]);
        var trusted = await CommandProcess.RunAsync(database.ConnectionString, "import", Lines, "--trusted");
        trusted.ExitCode.ShouldBe(1);
        trusted.Output.ShouldContain("above");

        string Changed(Action<JsonObject> change)
        {
            var changed = line.DeepClone().AsObject();
            change(changed);
            return changed.ToJsonString();
        }
    }

    [Fact]
    public async Task A_family_makes_its_own_schedule_whatever_a_file_says()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var target = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        await service.ReadyAsync();
        var request = Requests.Solve(5);
        request["options"]!["family"] = "gpipe";
        // The stub's quick pass is not what the family is.
        var answer = await service.PostAsync("/schedules/solve", request);
        await ExportAsync(database, answer["id"]!);
        (await ImportAsync(target)).Output.ShouldStartWith("1 schedules were added");
        await using var other = new TestService(target.ConnectionString, new StubSolver());
        await other.ReadyAsync();
        var stored = await other.GetAsync($"/schedules/{answer["id"]}");
        stored["method"]!.GetValue<string>().ShouldBe("gpipe");
        stored["makespan"]!.GetValue<decimal>().ShouldBeLessThan(answer["makespan"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task A_search_that_goes_on_is_left_alone()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var good = await TestDatabase.CreateAsync();
        await using var better = new TestService(good.ConnectionString, new StubSolver { OnSearch = StubSolver.BetterAsync });
        await better.ReadyAsync();
        var high = await better.PostAsync("/schedules/solve", Requests.Solve(5));
        await ExportAsync(good, high["id"]!);
        await using var service = new TestService(database.ConnectionString, new StubSolver { OnSearch = StubSolver.UntilStoppedAsync });
        await service.ReadyAsync();
        await service.PostAsync("/schedules/solve", Requests.Solve(5), ("Prefer", "respond-async"));
        await service.WaitWhileAsync(high["id"]!.GetValue<string>(), "queued");
        (await ImportAsync(database)).Output.ShouldStartWith("0 schedules were added, 0 improved, 1 left");
        await using var context = service.Services.GetRequiredService<Func<SchedulesContext>>()();
        (await context.Schedules.SingleAsync()).Status.ShouldBe("running");
    }

    [Theory]
    [InlineData("State either --ids or --all.", "export", "-o", "x.jsonl")]
    [InlineData("--ids: 'abc' is not an id", "export", "-o", "x.jsonl", "--ids", "abc")]
    [InlineData("--ids: '0123456789': There is no schedule of this id", "export", "-o", "x.jsonl", "--ids", "0123456789")]
    [InlineData("Could not find file", "import", "none.jsonl")]
    public async Task What_cannot_be_done_is_said_in_a_line(string error, params string[] command)
    {
        await using var database = await TestDatabase.CreateAsync();
        var refused = await CommandProcess.RunAsync(database.ConnectionString, command);
        refused.ExitCode.ShouldBe(1);
        refused.Error.ShouldStartWith(error);
    }

    private async Task ExportAsync(TestDatabase database, JsonNode id) =>
        (await CommandProcess.RunAsync(database.ConnectionString, "export", "--ids", id.GetValue<string>()[..12], "-o", Lines)).ExitCode.ShouldBe(0);

    private Task<CommandProcess> ImportAsync(TestDatabase database) => CommandProcess.RunAsync(database.ConnectionString, "import", Lines);
}
