namespace ScheduleSearch.Api.Tests.Hosting;

/// <summary>
/// Tests of reliability run on a small scale with the others, and on the full one by <c>tests/reliability</c>, which keeps what they print.
/// </summary>
internal static class LongRun
{
    private static readonly Lock Guard = new();
    private static readonly string? Report = Environment.GetEnvironmentVariable("SCHEDULESEARCH_RELIABILITY_REPORT");

    /// <summary>Whether this is the full scale.</summary>
    public static bool IsOn => Report is { Length: > 0 };

    /// <summary>A number of the full scale, or of the small one.</summary>
    public static int Scale(int full, int small) => IsOn ? full : small;

    /// <summary>Adds a line to the report.</summary>
    public static void Print(string line)
    {
        if (Report is not { Length: > 0 } report) return;
        lock (Guard) File.AppendAllLines(report, [$"* {line}"]);
    }
}
