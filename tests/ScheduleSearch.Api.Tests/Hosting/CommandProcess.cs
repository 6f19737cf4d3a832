using System.Diagnostics;

namespace ScheduleSearch.Api.Tests.Hosting;

/// <summary>A command of the service's executable, run to its end as a process of its own.</summary>
internal sealed record CommandProcess(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a command on a database.</summary>
    /// <param name="connectionString">The database; null for none configured.</param>
    /// <param name="args">The command.</param>
    public static async Task<CommandProcess> RunAsync(string? connectionString, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ScheduleSearch.Api.dll"), .. args])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("SCHEDULESEARCH_DATABASE");
        if (connectionString is not null) start.Environment["SCHEDULESEARCH_DATABASE"] = connectionString;
        using var process = Process.Start(start)!;
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
            return new CommandProcess(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
