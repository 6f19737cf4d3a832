using System.IO.Compression;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Npgsql;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Storage;

/// <summary>
/// Databases that earlier builds filled and left by kill -9, one folder for each schema, named after its last migration. Beside each stands what was
/// asked of that build and what it answered.
/// </summary>
public sealed class ReleasedDatabaseTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Storage", "Released");

    public static TheoryData<string, string> Databases
    {
        get
        {
            var databases = new TheoryData<string, string>();
            foreach (var schema in Directory.GetDirectories(Folder).Select(Path.GetFileName).Order())
            {
                foreach (var kind in TestDatabase.Kinds) databases.Add(schema!, kind);
            }

            return databases;
        }
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Every_schedule_of_an_earlier_build_is_answered_as_it_was(string schema, string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await RestoreAsync(schema, kind, database);
        await using var service = new TestService(database.ConnectionString, new StubSolver { OnSearch = StubSolver.UntilStoppedAsync });
        await service.ReadyAsync();
        var ended = Known(schema, kind).Where(known => StatusOf(known) is "optimal" or "feasible").ToList();
        ended.Count.ShouldBeGreaterThan(15);
        foreach (var known in ended)
        {
            var (name, request, was) = ((string)known["name"]!, known["request"]!, known["answer"]!.AsObject());
            var answer = await service.PostAsync("/schedules/solve", request);
            answer.Status.ShouldBe(200, name);
            answer["cached"]!.GetValue<bool>().ShouldBeTrue(name);
            foreach (var (member, value) in was) answer[member]!.ToJsonString().ShouldBe(value!.ToJsonString(), $"{name}: {member}");
            if (answer["alternatives"] is null) await VerifyAsync(service, name, request, answer);
        }
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Searches_that_an_earlier_build_left_are_taken_up(string schema, string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await RestoreAsync(schema, kind, database);
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        await service.ReadyAsync();
        var unfinished = Known(schema, kind).Where(known => StatusOf(known) is "queued" or "running").ToList();
        unfinished.Select(StatusOf).Distinct().Count().ShouldBe(2);
        foreach (var known in unfinished)
        {
            var (name, was) = ((string)known["name"]!, known["answer"]!);
            var answer = await service.WaitWhileAsync(IdOf(known), "queued", "running");
            answer["status"]!.GetValue<string>().ShouldBeOneOf(["optimal", "feasible"], name);
            answer["makespan"]!.GetValue<decimal>().ShouldBeLessThanOrEqualTo(was["makespan"]!.GetValue<decimal>(), name);
            (await service.PostAsync("/schedules/solve", known["request"]!))["cached"]!.GetValue<bool>().ShouldBeTrue(name);
        }
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_an_earlier_build_canceled_stays_canceled_until_it_is_asked_for_again(string schema, string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await RestoreAsync(schema, kind, database);
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        await service.ReadyAsync();
        var canceled = Known(schema, kind).Where(known => StatusOf(known) == "canceled").ToList();
        canceled.ShouldNotBeEmpty();
        foreach (var known in canceled)
        {
            (await service.GetAsync($"/schedules/{IdOf(known)}"))["status"]!.GetValue<string>().ShouldBe("canceled");
            var again = await service.PostAsync("/schedules/solve", known["request"]!);
            again["status"]!.GetValue<string>().ShouldBe("feasible");
            again["cached"]!.GetValue<bool>().ShouldBeFalse();
        }
    }

    private static async Task VerifyAsync(TestService service, string name, JsonNode request, Answer answer)
    {
        var body = request.DeepClone();
        body["devices"] = answer["devices"]!.DeepClone();
        var verified = await service.PostAsync("/schedules/verify", body);
        verified["valid"]!.GetValue<bool>().ShouldBeTrue(name);
        verified["makespan"]!.GetValue<decimal>().ShouldBe(answer["makespan"]!.GetValue<decimal>(), name);
    }

    private static IEnumerable<JsonNode> Known(string schema, string kind) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, schema, $"{kind}.json")))!.AsArray().Select(known => known!);

    private static string StatusOf(JsonNode known) => known["answer"]!["status"]!.GetValue<string>();

    private static string IdOf(JsonNode known) => known["answer"]!["id"]!.GetValue<string>();

    private static async Task RestoreAsync(string schema, string kind, TestDatabase database)
    {
        var file = kind == TestDatabase.Sqlite ? "sqlite.db.gz" : "postgres.sql.gz";
        await using var packed = File.OpenRead(Path.Combine(Folder, schema, file));
        await using var stored = new GZipStream(packed, CompressionMode.Decompress);
        if (kind == TestDatabase.Sqlite)
        {
            await using var copy = File.Create(new SqliteConnectionStringBuilder(database.ConnectionString).DataSource);
            await stored.CopyToAsync(copy);
            return;
        }

        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var command = source.CreateCommand(await new StreamReader(stored).ReadToEndAsync());
        await command.ExecuteNonQueryAsync();
    }
}
