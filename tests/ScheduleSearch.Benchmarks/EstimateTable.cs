using System.Globalization;
using System.Text.Json;
using ScheduleSearch.Tests.Shared;

namespace ScheduleSearch.Benchmarks;

/// <summary>
/// Estimated times of layers beside measured ones: the efficiency of a device is fitted to one forward of one model, and all else follows. Then the memory of
/// measured ranks beside the line on which 1F1B puts them.
/// </summary>
internal static class EstimateTable
{
    private static readonly string[] Columns =
        ["model", "b", "t", "forward ms", "ratio", "backward ms", "ratio", "both", "head forward ms", "ratio", "head backward ms", "ratio"];

    /// <summary>The tables as Markdown.</summary>
    public static string Run()
    {
        var models = MeasuredModel.All();
        var texts = new List<string>();
        foreach (var fitted in models)
        {
            var efficiency = fitted.Efficiency();
            texts.Add($"Fitted to a forward of {fitted.Name} without tensor parallelism: efficiency {Number(efficiency, "F3")}.");
            Console.WriteLine(texts[^1]);
            var table = new MarkdownTable(Columns);
            foreach (var model in models)
            {
                foreach (var row in model.Rows) table.Add(Cells(model, row, efficiency));
            }

            texts.Add(table.ToString());
        }

        texts.Add(Memory());
        texts.Add(Peaks());
        return string.Join("\n\n", texts);
    }

    private static string[] Cells(MeasuredModel model, MeasuredLayers row, double efficiency)
    {
        var layers = model.Estimate(row, efficiency).Layers;
        var (decoder, head) = (layers[1], layers[^1]);
        var backward = decoder.BackwardInput + decoder.BackwardWeight;
        return
        [
            model.Name, $"{row.MicrobatchSize}", $"{row.TensorParallel}",
            .. Pair(row.Decoder.Forward, decoder.Forward), .. Pair(row.Decoder.Backward, backward),
            Ratio(row.Decoder.Forward + row.Decoder.Backward, decoder.Forward + backward),
            .. Pair(row.Head.Forward, head.Forward), .. Pair(row.Head.Backward, head.BackwardInput + head.BackwardWeight),
        ];
    }

    /// <summary>Each rank's measured memory beside a line in the microbatches that 1F1B has it hold, through those between the first and the last.</summary>
    private static string Memory()
    {
        using var memory = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Oracles", "memory-pp8.json")));
        double[] peaks = [.. memory.RootElement.GetProperty("peaks").EnumerateArray().Select(peak => peak.GetDouble())];
        var (layers, ranks) = (memory.RootElement.GetProperty("layers").GetInt32(), peaks.Length);
        var each = layers / ranks;
        double InFlight(int rank) => Math.Min(ranks - rank, memory.RootElement.GetProperty("microbatches").GetInt32());
        int[] inner = [.. Enumerable.Range(1, ranks - 2)];
        var (mean, held) = (inner.Average(rank => peaks[rank]), inner.Average(InFlight));
        var slope = inner.Sum(rank => (InFlight(rank) - held) * (peaks[rank] - mean)) / inner.Sum(rank => Math.Pow(InFlight(rank) - held, 2));
        var table = new MarkdownTable(["rank", "in flight", "measured GiB", "line GiB", "difference"]);
        for (var rank = 0; rank < ranks; rank++)
        {
            var line = mean + slope * (InFlight(rank) - held);
            table.Add([$"{rank}", $"{InFlight(rank)}", Number(peaks[rank], "F2"), Number(line, "F2"), Number(peaks[rank] - line, "+0.00;-0.00")]);
        }

        var (activation, rest) = (slope / each, (mean - slope * held) / each);
        return $"Memory: {Number(activation, "F3")} GiB a layer and microbatch, {Number(rest, "F2")} GiB a layer beside that.\n\n{table}";
    }

    /// <summary>The largest rank of models whose peaks are published.</summary>
    private static string Peaks()
    {
        var table = new MarkdownTable(["model", "ranks", "schedule", "published GB", "estimate GiB", "ratio"]);
        foreach (var model in PublishedPeak.All())
        {
            foreach (var (schedule, peak) in model.Peaks)
            {
                var estimated = (double)model.Estimated(schedule);
                table.Add([model.Name, $"{model.Devices}", schedule, $"{peak}", Number(estimated, "F1"), Number(estimated / (double)peak, "F2")]);
            }
        }

        return $"Peaks that are published with zero-bubble pipelines (arXiv 2401.10241, Table 4).\n\n{table}";
    }

    private static string[] Pair(double measured, decimal estimated) => [Number(1000 * measured, "F2"), Ratio(measured, estimated)];

    private static string Ratio(double measured, decimal estimated) => Number((double)estimated / (1000 * measured), "F2");

    private static string Number(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
