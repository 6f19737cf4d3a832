using System.CommandLine;
using System.Globalization;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Commands.Keys;

/// <summary>Lists keys, without what would let anybody use them.</summary>
internal sealed class ListKeysCommand(CommandHost host) : ServiceCommand(host, "list", "Lists all keys, those that are revoked too.")
{
    private static readonly string[] Titles = ["id", "role", "created", "revoked", "requests/min", "solves", "seconds/day", "name"];

    protected override async Task RunAsync(ParseResult parsed, IServiceProvider services, TextWriter output, CancellationToken cancellation)
    {
        var lines = (await services.GetRequiredService<KeyStore>().ListAsync(cancellation)).Select(LineOf).Prepend(Titles).ToList();
        var widths = Enumerable.Range(0, Titles.Length).Select(column => lines.Max(line => line[column].Length)).ToList();
        foreach (var line in lines) await output.WriteLineAsync(string.Join("  ", line.Zip(widths, (text, width) => text.PadRight(width))).TrimEnd());
    }

    private static string[] LineOf(KeyRow key) =>
    [
        key.Id, key.Role, TimeOf(key.CreatedAt), TimeOf(key.RevokedAt), QuotaOf(key.RequestsPerMinute), QuotaOf(key.ConcurrentSolves),
        QuotaOf(key.SolverSecondsPerDay), key.Name,
    ];

    private static string TimeOf(DateTime? time) => time?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "-";

    private static string QuotaOf(int? quota) => quota?.ToString(CultureInfo.InvariantCulture) ?? "-";
}
