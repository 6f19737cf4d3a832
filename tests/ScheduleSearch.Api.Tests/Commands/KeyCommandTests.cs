using Microsoft.Extensions.DependencyInjection;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Commands;

/// <summary>Keys by commands, while the service runs.</summary>
public sealed class KeyCommandTests
{
    public static TheoryData<string> Databases => TestDatabase.Kinds;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_key_is_taken_from_its_creation_until_it_is_revoked(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var service = GuardedService.Start(database);
        var created = await CommandProcess.RunAsync(
            database.ConnectionString, "keys", "create", "--name", "team a", "--role", "solve", "--concurrent-solves", "2");
        created.ExitCode.ShouldBe(0, created.Error);
        var text = created.Output.TrimEnd('\n').Split('\n')[^1];
        var id = ApiKey.IdOf(text);
        (await service.PostAsync("/schedules/solve", Requests.Solve(), GuardedService.Bearer(text))).Status.ShouldBe(200);

        created.Error.ShouldContain($"create key {id} by ");
        var listed = await CommandProcess.RunAsync(database.ConnectionString, "keys", "list");
        listed.Output.ShouldContain(id);
        listed.Output.ShouldContain("team a");
        (created.Error + listed.Output + listed.Error).ShouldNotContain(text[20..], Case.Sensitive, "the key is shown once");
        var row = (await service.Services.GetRequiredService<KeyStore>().ListAsync(CancellationToken.None)).ShouldHaveSingleItem();
        row.Hash.ShouldBe(ApiKey.HashOf(text));

        var revoked = await CommandProcess.RunAsync(database.ConnectionString, "keys", "revoke", id);
        (revoked.ExitCode, revoked.Output).ShouldBe((0, $"Key {id} is revoked.\n"), revoked.Error);
        (await service.GetAsync("/families", GuardedService.Bearer(text))).Status.ShouldBe(401);
        var again = await CommandProcess.RunAsync(database.ConnectionString, "keys", "revoke", id);
        again.ExitCode.ShouldBe(1);
        again.Error.ShouldContain("revoked already");
        (await CommandProcess.RunAsync(database.ConnectionString, "keys", "list")).Output.ShouldContain(id, Case.Sensitive, "whose it was stays known");
    }

    [Theory]
    [InlineData("--role", "keys", "create", "--name", "x")]
    [InlineData("--name", "keys", "create", "--role", "read")]
    [InlineData("owner", "keys", "create", "--name", "x", "--role", "owner")]
    [InlineData("--name must", "keys", "create", "--name", "a\nb", "--role", "read")]
    [InlineData("--solver-seconds-per-day must", "keys", "create", "--name", "x", "--role", "read", "--solver-seconds-per-day", "0")]
    [InlineData("16 hex digits", "keys", "revoke", "ss_0123456789abcdef_secret")]
    public async Task What_is_wrong_is_named(string named, params string[] args)
    {
        var wrong = await CommandProcess.RunAsync(null, args);
        (wrong.ExitCode, wrong.Output).ShouldBe((2, ""));
        wrong.Error.ShouldContain(named);
        wrong.Error.ShouldNotContain("secret");
        wrong.Error.TrimEnd('\n').ShouldNotContain('\n');
    }
}
