using System.CommandLine;
using ScheduleSearch.Api.Access;

namespace ScheduleSearch.Api.Commands.Keys;

/// <summary>Makes a key and shows it, once.</summary>
internal sealed class CreateKeyCommand : ServiceCommand
{
    private const int MostCharacters = 100;

    private readonly Option<string> _name = new("--name") { Description = "What lists call the key.", Required = true };

    private readonly Option<string> _role = new("--role")
    {
        Description = "read: reads and verifies; solve: has problems searched too; admin: sees the service's state too.",
        Required = true,
    };

    private readonly Option<int?> _requests = Quota("--requests-per-minute", "Most requests a minute, in each process.");
    private readonly Option<int?> _solves = Quota("--concurrent-solves", "Most solves that have not ended.");
    private readonly Option<int?> _seconds = Quota("--solver-seconds-per-day", "Most seconds of search in a day of UTC.");

    public CreateKeyCommand(CommandHost host)
        : base(host, "create", "Makes a key and prints it on the last line. It cannot be shown again.")
    {
        _role.AcceptOnlyFromAmong([.. AccessRoles.Names]);
        _name.Validators.Add(name =>
        {
            if (name.GetValueOrDefault<string>() is not { Length: > 0 and <= MostCharacters } given || given.Any(char.IsControl))
                name.AddError($"--name must have 1 to {MostCharacters} characters and none that control.");
        });
        foreach (var option in new Option[] { _name, _role, _requests, _solves, _seconds }) Options.Add(option);
    }

    protected override async Task RunAsync(ParseResult parsed, IServiceProvider services, TextWriter output, CancellationToken cancellation)
    {
        var (name, role) = (parsed.GetRequiredValue(_name), parsed.GetRequiredValue(_role));
        var quotas = new Quotas(parsed.GetValue(_requests), parsed.GetValue(_solves), parsed.GetValue(_seconds));
        var (id, text) = await services.GetRequiredService<KeyStore>().CreateAsync(name, AccessRoles.Parse(role), quotas, cancellation);
        services.GetRequiredService<AuditLog>().Tell("create key", id, $"{role}, {name}");
        // So that whoever sees the key can use it.
        await Task.Delay(KeyRing.MostAge, cancellation);
        await output.WriteLineAsync($"Key {id} of {name} ({role}). Keep it: it is not stored and cannot be shown again.");
        await output.WriteLineAsync(text);
    }

    private static Option<int?> Quota(string name, string description)
    {
        var option = new Option<int?>(name) { Description = $"{description} By default what the setting says.", HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1) result.AddError($"{name} must be at least 1.");
        });
        return option;
    }
}
