using System.CommandLine;

namespace ScheduleSearch.Api.Commands;

/// <summary>A command of the service's executable: a class with its options, and a line in <see cref="CommandCatalogue"/>.</summary>
internal abstract class ServiceCommand : Command
{
    /// <summary>Makes a command.</summary>
    /// <param name="host">The service that it works on.</param>
    /// <param name="name">What it is called by.</param>
    /// <param name="description">What it does, for <c>--help</c>.</param>
    protected ServiceCommand(CommandHost host, string name, string description)
        : base(name, description) => SetAction(async (parsed, cancellation) =>
        {
            await using var service = await host.OpenAsync(cancellation);
            await RunAsync(parsed, service.Services, parsed.InvocationConfiguration.Output, cancellation);
        });

    /// <summary>Does what the command is for.</summary>
    /// <param name="parsed">The options as they were given.</param>
    /// <param name="services">The services of the service, none of them running.</param>
    /// <param name="output">Standard output, for people.</param>
    /// <param name="cancellation">Canceled when the process is asked to end.</param>
    /// <exception cref="CommandFault">What is asked cannot be done.</exception>
    protected abstract Task RunAsync(ParseResult parsed, IServiceProvider services, TextWriter output, CancellationToken cancellation);
}
