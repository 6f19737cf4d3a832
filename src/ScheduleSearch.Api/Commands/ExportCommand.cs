using System.CommandLine;
using System.IO.Compression;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Api.Transfer;

namespace ScheduleSearch.Api.Commands;

/// <summary>Writes stored schedules to a file.</summary>
internal sealed class ExportCommand : ServiceCommand
{
    private readonly Option<string[]> _ids = new("--ids")
    {
        Description = "The ids of schedules, or as many of their first digits as tell them from others; one of a choice of placements stands for its "
            + "alternatives too.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<bool> _all = new("--all") { Description = "All that have a schedule." };

    private readonly Option<string> _file = new("--output", "-o") { Description = "The file; as gzip when its name ends with .gz.", Required = true };

    public ExportCommand(CommandHost host)
        : base(host, "export", "Writes stored schedules as JSON lines, which `import` takes on another server.")
    {
        foreach (var option in new Option[] { _ids, _all, _file }) Options.Add(option);
    }

    protected override async Task RunAsync(ParseResult parsed, IServiceProvider services, TextWriter output, CancellationToken cancellation)
    {
        var ids = parsed.GetValue(_ids) is { Length: > 0 } given ? given : null;
        if ((ids is not null) == parsed.GetValue(_all)) throw new CommandFault("State either --ids or --all.");
        if (ids is not null) ids = await WholeAsync(ids, services.GetRequiredService<CanonicalIds>(), cancellation);
        var path = parsed.GetRequiredValue(_file);
        // Under its own name only when it is whole.
        var part = $"{path}.part";
        int count;
        await using (var file = File.Create(part))
        await using (var lines = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Optimal) : (Stream)file)
            count = await services.GetRequiredService<Export>().WriteAsync(ids, lines, cancellation);
        File.Move(part, path, overwrite: true);
        await output.WriteLineAsync($"{count} schedules were written.");
    }

    private static async Task<string[]> WholeAsync(string[] given, CanonicalIds canonical, CancellationToken cancellation)
    {
        var whole = new string[given.Length];
        foreach (var (index, id) in given.Index())
        {
            if (!ScheduleId.IsOne(id) && !ScheduleId.IsBeginning(id))
                throw new CommandFault($"--ids: '{id}' is not an id: give its {ScheduleId.Length} hex digits, or {ScheduleId.LeastLength} of them at least.");
            try
            {
                whole[index] = await canonical.OfAsync(ScheduleReader.Operator, id, cancellation);
            }
            catch (RequestFault fault)
            {
                throw new CommandFault($"--ids: '{id}': {fault.MemberMessage ?? fault.Message}");
            }
        }

        return whole;
    }
}
