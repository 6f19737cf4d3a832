using System.CommandLine;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Commands;

/// <summary>
/// The commands of the service's own executable. Its first argument is one unless it is configuration (<c>--name</c>, <c>/name</c> or
/// <c>name=value</c>); configuration for a command stands after <c>--</c>.
/// </summary>
internal static class CommandLine
{
    private const string BeforeConfiguration = "--";
    private const int Failed = 1;
    private const int Misused = 2;
    private static readonly string[] HelpOptions = ["--help", "-h", "-?"];

    /// <summary>Tells a command from configuration.</summary>
    /// <param name="args">The arguments of the process.</param>
    /// <returns>The command, null when the service is to be started; and the arguments that configure either.</returns>
    public static (string[]? Command, string[] Configuration) Split(string[] args)
    {
        if (args is not [var first, ..] || !(IsWord(first) || HelpOptions.Contains(first))) return (null, args);
        var end = Array.IndexOf(args, BeforeConfiguration);
        return end < 0 ? (args, []) : (args[..end], args[(end + 1)..]);
    }

    /// <summary>Runs a command.</summary>
    /// <param name="command">The command with its options.</param>
    /// <param name="builder">The service, configured, which is not started.</param>
    /// <returns>
    /// What the process exits with: 0; 1 when the command failed; 2 when there is no such command or an option is wrong. A line on standard
    /// error says why.
    /// </returns>
    public static async Task<int> RunAsync(string[] command, WebApplicationBuilder builder)
    {
        // Standard output has what the command prints and nothing else.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        var root = new RootCommand("ScheduleSearch: without a command the service starts. Configuration for a command follows it after --.");
        foreach (var each in CommandCatalogue.Of(new CommandHost(builder))) root.Subcommands.Add(each);
        var parsed = root.Parse(command);
        if (parsed.Errors.Count > 0) return Fail($"{string.Join(' ', parsed.Errors.Select(error => error.Message))} Try --help.", Misused);
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception exception)
        {
            return Fail(ReasonOf(exception), Failed);
        }
    }

    private static bool IsWord(string argument) => argument is [not ('-' or '/'), ..] && !argument.Contains('=');

    private static string ReasonOf(Exception exception) => exception switch
    {
        CommandFault or OptionsValidationException or IOException or UnauthorizedAccessException => exception.Message,
        OperationCanceledException => "Stopped before the end.",
        _ when StorageFault.Is(exception) => $"The database cannot be reached or written. {StorageFault.ReasonOf(exception)}",
        _ => $"The command failed by a defect: {exception.GetType().Name}: {exception.Message}",
    };

    private static int Fail(string reason, int code)
    {
        Console.Error.WriteLine(reason.ReplaceLineEndings(" "));
        return code;
    }
}
