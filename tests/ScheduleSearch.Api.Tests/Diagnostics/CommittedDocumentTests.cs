using ScheduleSearch.Api.Tests.Hosting;
using ScheduleSearch.Tests.Architecture;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Diagnostics;

public sealed class CommittedDocumentTests
{
    /// <summary>Set, it has the test write the document that it compares.</summary>
    private const string Variable = "SCHEDULESEARCH_WRITE_OPENAPI";

    private const int LinesShown = 6;

    [Fact]
    public async Task The_committed_document_is_the_one_that_the_service_answers()
    {
        var database = await TestDatabase.CreateAsync();
        await using var dropped = database;
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        var path = Path.Combine(SourceProject.Repository, "docs", "openapi.json");
        var present = (await service.GetAsync("/swagger/v1/swagger.json")).Text.ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable(Variable) is not null) await File.WriteAllTextAsync(path, present);
        Difference(await File.ReadAllTextAsync(path), present).ShouldBeEmpty(
            $"docs/openapi.json is another one. This writes it:\n{Variable}=1 dotnet test tests/ScheduleSearch.Api.Tests --filter CommittedDocumentTests\n");
    }

    /// <summary>Where two texts begin to differ; empty where they do not.</summary>
    private static string Difference(string committed, string present)
    {
        var (old, fresh) = (committed.Split('\n'), present.Split('\n'));
        var line = old.Zip(fresh).TakeWhile(pair => pair.First == pair.Second).Count();
        return line == old.Length && line == fresh.Length
            ? ""
            : $"From line {line + 1}:\n{Marked('-', old[line..])}\n{Marked('+', fresh[line..])}";
    }

    private static string Marked(char mark, string[] lines) => string.Join('\n', lines.Take(LinesShown).Select(line => $"{mark} {line}"));
}
