using System.Globalization;
using System.Text.Json;
using ScheduleSearch.Core.Estimates;
using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Requests;

namespace ScheduleSearch.Benchmarks;

/// <summary>
/// Estimated times of layers beside measured ones: the efficiency of a device is fitted to one forward of one model, and all else follows. Then the memory of
/// measured ranks beside the line on which 1F1B puts them.
/// </summary>
internal static class EstimateTable
{
    private const string Device = "GH200";

    private static readonly string[] Columns =
        ["model", "b", "t", "forward ms", "ratio", "backward ms", "ratio", "both", "head forward ms", "ratio", "head backward ms", "ratio"];

    /// <summary>The tables as Markdown.</summary>
    public static string Run()
    {
        using var times = Read("layer-times-gh200.json");
        List<Measured> models = [.. times.RootElement.GetProperty("models").EnumerateArray().Select(Measured.Of)];
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
        return string.Join("\n\n", texts);
    }

    private static string[] Cells(Measured model, MeasuredRow row, double efficiency)
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
        using var memory = Read("memory-pp8.json");
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

    private static string[] Pair(double measured, decimal estimated) => [Number(1000 * measured, "F2"), Ratio(measured, estimated)];

    private static string Ratio(double measured, decimal estimated) => Number((double)estimated / (1000 * measured), "F2");

    private static JsonDocument Read(string name) => JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Oracles", name)));

    private static string Number(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>Seconds of a layer's forward and whole backward.</summary>
    private readonly record struct Seconds(double Forward, double Backward)
    {
        public static Seconds Of(JsonElement pair) => new(pair[0].GetDouble(), pair[1].GetDouble());
    }

    private sealed record MeasuredRow(int MicrobatchSize, int TensorParallel, Seconds Decoder, Seconds Head)
    {
        public static MeasuredRow Of(JsonElement row) => new(
            row.GetProperty("microbatchSize").GetInt32(), row.GetProperty("tensorParallel").GetInt32(), Seconds.Of(row.GetProperty("decoder")),
            Seconds.Of(row.GetProperty("head")));
    }

    private sealed record Measured(string Name, ModelSizes Sizes, long Sequence, IReadOnlyList<MeasuredRow> Rows)
    {
        public static Measured Of(JsonElement model)
        {
            var sizes = model.GetProperty("sizes");
            var isBiased = sizes.TryGetProperty("biases", out _);
            return new(
                model.GetProperty("name").GetString()!,
                new ModelSizes
                {
                    Hidden = sizes.GetProperty("hidden").GetInt64(),
                    Layers = sizes.GetProperty("layers").GetInt32(),
                    Heads = sizes.GetProperty("heads").GetInt64(),
                    FeedForward = sizes.GetProperty("feedForward").GetInt64(),
                    Gated = sizes.GetProperty("gated").GetBoolean(),
                    Vocabulary = sizes.GetProperty("vocabulary").GetInt64(),
                    Biases = isBiased ? BiasKind.All : BiasKind.None,
                },
                model.GetProperty("sequence").GetInt64(),
                [.. model.GetProperty("rows").EnumerateArray().Select(MeasuredRow.Of)]);
        }

        /// <summary>The efficiency at which the forward of the largest microbatch on one device takes as long as measured.</summary>
        public double Efficiency()
        {
            var row = Rows.Where(row => row.TensorParallel == 1).MaxBy(row => row.MicrobatchSize)!;
            var (low, high) = (0.01, 1.0);
            for (var step = 0; step < 40; step++)
            {
                var middle = (low + high) / 2;
                if ((double)Estimate(row, middle).Layers[1].Forward > 1000 * row.Decoder.Forward) low = middle;
                else high = middle;
            }

            return low;
        }

        /// <summary>As these were measured: products of single precision with rounded factors, kernels of scores one after the other.</summary>
        public Estimate Estimate(MeasuredRow row, double efficiency) => Estimator.Of(new()
        {
            Model = Sizes,
            Sequence = Sequence,
            MicrobatchSize = row.MicrobatchSize,
            TensorParallel = row.TensorParallel,
            Dtype = NumberType.Tf32,
            Attention = AttentionKernel.Eager,
            Device = DeviceCatalogue.Find(Device)! with { Efficiency = efficiency },
            Pipeline = new() { Devices = 1, Microbatches = 1 },
        });
    }
}
