using System.CommandLine;
using System.IO.Compression;
using ScheduleSearch.Api.Transfer;

namespace ScheduleSearch.Api.Commands;

/// <summary>Takes schedules from a file.</summary>
internal sealed class ImportCommand : ServiceCommand
{
    private const int MostShown = 20;

    private readonly Argument<string> _file = new("file") { Description = "What `export` wrote; gzip when its name ends with .gz." };

    private readonly Option<bool> _trusted = new("--trusted")
    {
        Description = "Take bounds and search time from the file too, which cannot be checked: only for files of your own servers.",
    };

    public ImportCommand(CommandHost host)
        : base(host, "import", "Takes schedules from a file that `export` wrote: each is verified, and stored where it is better than what is there.")
    {
        Arguments.Add(_file);
        Options.Add(_trusted);
    }

    protected override async Task RunAsync(ParseResult parsed, IServiceProvider services, TextWriter output, CancellationToken cancellation)
    {
        var path = parsed.GetRequiredValue(_file);
        var report = await ReadAsync(path, services.GetRequiredService<Import>(), parsed.GetValue(_trusted), cancellation);
        await output.WriteLineAsync(
            $"{report.Added} schedules were added, {report.Improved} improved, {report.Left} left as they are, {report.Rejections.Count} refused.");
        foreach (var rejection in report.Rejections.Take(MostShown)) await output.WriteLineAsync(rejection);
        if (report.Rejections.Count > 0) throw new CommandFault($"{report.Rejections.Count} lines were refused.");
    }

    private static async Task<ImportReport> ReadAsync(string path, Import import, bool isTrusted, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        await using var lines = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        try
        {
            return await import.ReadAsync(lines, isTrusted, cancellation);
        }
        catch (InvalidDataException exception)
        {
            throw new CommandFault($"The file cannot be read on; what stands before is imported. {exception.Message}");
        }
    }
}
