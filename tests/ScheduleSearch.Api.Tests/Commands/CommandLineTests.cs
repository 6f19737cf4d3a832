using ScheduleSearch.Api.Commands;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Commands;

/// <summary>Commands of the service's executable, as real processes.</summary>
public sealed class CommandLineTests
{
    public static TheoryData<string> Databases => TestDatabase.Kinds;

    [Theory]
    [InlineData("")]
    [InlineData("--urls http://127.0.0.1:0")]
    [InlineData("/urls http://127.0.0.1:0")]
    [InlineData("urls=http://127.0.0.1:0")]
    [InlineData("--Jobs:Searches=2 --urls http://127.0.0.1:0")]
    public void Configuration_is_no_command(string line)
    {
        var args = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (command, configuration) = CommandLine.Split(args);
        command.ShouldBeNull();
        configuration.ShouldBe(args);
    }

    [Fact]
    public void Configuration_for_a_command_stands_after_it()
    {
        var (command, configuration) = CommandLine.Split(["keys", "list", "--", "--Jobs:Searches=2"]);
        command.ShouldBe(["keys", "list"]);
        configuration.ShouldBe(["--Jobs:Searches=2"]);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_command_works_on_the_database_that_the_service_is_configured_with(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var migrated = await CommandProcess.RunAsync(database.ConnectionString, "migrate");
        (migrated.ExitCode, migrated.Output, migrated.Error).ShouldBe((0, "The database has the present schema.\n", ""));
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        (await service.PostAsync("/schedules/solve", Requests.Solve())).Status.ShouldBe(200);
        var again = await CommandProcess.RunAsync(null, "migrate", "--", $"--ConnectionStrings:Schedules={database.ConnectionString}");
        (again.ExitCode, again.Error).ShouldBe((0, ""));
    }

    [Theory]
    [InlineData(1, "The database cannot be reached", "migrate")]
    [InlineData(2, "kies", "kies")]
    [InlineData(2, "--nothing", "migrate", "--nothing")]
    public async Task What_cannot_be_done_ends_with_one_line_on_standard_error(int exitCode, string reason, params string[] args)
    {
        // Nothing listens on port 1.
        var failed = await CommandProcess.RunAsync("Host=127.0.0.1;Port=1;Username=x;Timeout=2", args);
        (failed.ExitCode, failed.Output).ShouldBe((exitCode, ""), failed.Error);
        failed.Error.ShouldContain(reason);
        failed.Error.TrimEnd('\n').ShouldNotContain('\n');
    }

    [Fact]
    public async Task Help_lists_the_commands()
    {
        var help = await CommandProcess.RunAsync(null, "--help");
        (help.ExitCode, help.Error).ShouldBe((0, ""));
        help.Output.ShouldContain("migrate");
    }
}
