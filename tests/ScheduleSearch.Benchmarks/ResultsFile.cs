using System.Globalization;

namespace ScheduleSearch.Benchmarks;

/// <summary>Writes the tables of a whole run to RESULTS.md beside the benchmarks' sources.</summary>
internal static class ResultsFile
{
    private const string HeadOfStreams = "## Streams of large schedules";

    public static void Write(string folder, double seconds, string peers, string optima, string scale, string streams)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30;
        var date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        File.WriteAllText(Path.Combine(folder, "RESULTS.md"), string.Create(CultureInfo.InvariantCulture, $"""
            # Benchmark results

            Measured on {date} with {Environment.ProcessorCount} cores and {memory} GiB of memory by
            `dotnet run -c Release --project tests/ScheduleSearch.Benchmarks -- all {seconds}`. Each row is one solve by the service's own path:
            quick pass in the calling process, improving search in the child process, seed 0. Seconds are wall-clock; "to first" is the time to
            the first verified answer. MiB is the peak resident memory of the calling process so far, in the order of the rows.

            ## Published schedulers

            `peer` is the best result of the published schedulers on the same profile, placement, memory limit and objective, `ratio` is
            value / peer, `best known` is what a prototype of this search reached in about 30 s on one core, divided by the peer's. Limit {seconds} s.

            {peers}
            ## Known optima

            Small problems whose optimum was proved elsewhere. Limit 30 s; a row ends when the optimum is proved.

            {optima}
            ## Growth with devices and microbatches

            Uneven stages at three quarters of 1F1B's memory. Limit {seconds} s.

            {scale}
            """));
        WriteStreams(folder, streams);
    }

    /// <summary>Puts the table of streams at the end of the file, in the place of the one that was there.</summary>
    public static void WriteStreams(string folder, string streams)
    {
        var path = Path.Combine(folder, "RESULTS.md");
        var text = File.ReadAllText(path);
        var end = text.IndexOf(HeadOfStreams, StringComparison.Ordinal);
        var date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $"""
            {(end < 0 ? text : text[..end]).TrimEnd()}

            {HeadOfStreams}

            Measured on {date} with {Environment.ProcessorCount} cores by `dotnet run -c Release --project tests/ScheduleSearch.Benchmarks -- streams`. Seconds to make and check the
            whole stream, bytes not kept; "heap" is the most that lived beside the schedule meanwhile, garbage included. Each format gets the first of
            the three schedules that it carries.

            {streams}
            """).TrimEnd() + "\n");
    }
}
