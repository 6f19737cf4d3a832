using System.CommandLine;
using ScheduleSearch.Api.Commands.Keys;

namespace ScheduleSearch.Api.Commands;

/// <summary>Every command there is: a new one is a new file and a line here.</summary>
internal static class CommandCatalogue
{
    public static IEnumerable<Command> Of(CommandHost host) =>
    [
        new MigrateCommand(host),
        new Command("keys", "The keys that requests are sent with.") { new CreateKeyCommand(host), new ListKeysCommand(host), new RevokeKeyCommand(host) },
        new PruneCommand(host),
        new ExportCommand(host),
        new ImportCommand(host),
    ];
}
