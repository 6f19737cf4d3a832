using System.CommandLine;

namespace ScheduleSearch.Api.Commands;

/// <summary>Brings the database to the present schema and ends: for who rolls out many processes and wants one to do it first.</summary>
internal sealed class MigrateCommand(CommandHost host)
    : ServiceCommand(host, "migrate", "Brings the database to the schema of this version, as a start of the service does.")
{
    // Whatever a command works on has the present schema.
    protected override Task RunAsync(ParseResult parsed, IServiceProvider services, TextWriter output, CancellationToken cancellation) =>
        output.WriteLineAsync("The database has the present schema.");
}
