using System.CommandLine;

namespace ScheduleSearch.Api.Commands;

/// <summary>Every command there is: a new one is a new file and a line here.</summary>
internal static class CommandCatalogue
{
    public static IEnumerable<Command> Of(CommandHost host) =>
    [
        new MigrateCommand(host),
    ];
}
