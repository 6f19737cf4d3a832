using System.Globalization;

namespace ScheduleSearch.Benchmarks;

/// <summary>Writes the tables of a whole run to RESULTS.md beside the benchmarks' sources.</summary>
internal static class ResultsFile
{
    private const string HeadOfStreams = "## Streams of large schedules";
    private const string HeadOfPages = "## Pages in a browser";
    private const string HeadOfVocabulary = "## Output layers in shards";
    private const string HeadOfMicrobatches = "## Unequal microbatches";
    private const string HeadOfEstimates = "## Estimates beside measured layers";
    private const string HeadOfPlans = "## Iterations of measured plans";
    private const string HeadOfResearch = "## Searched again with other times";
    private const string HeadOfOptima = "## Known optima";
    private const string HeadOfFamilies = "## Published families on one model";

    /// <summary>Begins the file anew with the tables of peers and of growth; the others are put after them.</summary>
    public static void Write(string folder, double seconds, string peers, string scale)
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
            ## Growth with devices and microbatches

            Uneven stages at three quarters of 1F1B's memory. Limit {seconds} s.

            {scale}
            """));
    }

    /// <summary>Puts the table of known optima after the others, in the place of the one that was there.</summary>
    public static void WriteOptima(string folder, string optima) => WriteSection(folder, HeadOfOptima, $"""
        `dotnet run -c Release --project tests/ScheduleSearch.Benchmarks -- optima`. Small problems whose optimum was proved elsewhere. Limit 30 s; a row
        ends when the optimum is proved.

        {optima}
        """);

    /// <summary>Puts the table of families after the one before it, in the place of the one that was there.</summary>
    public static void WriteFamilies(string folder, double seconds, string families) => WriteSection(folder, HeadOfFamilies, $"""
        `dotnet run -c Release --project tests/ScheduleSearch.Benchmarks -- families {seconds.ToString(CultureInfo.InvariantCulture)}`.
        The 14.6B model on 16 devices, 48 microbatches, memory for the activations of 16 of them on each device (what 1F1B holds), its layers cut evenly in as many chunks as the placement has.
        Times in ms; peak and weights are the most of a device, in the activations of one microbatch and in one device's share of the weights.
        A family's row is its schedule replayed, `fits` whether it keeps the memory limit; a search row is the search on the same placement and
        memory, `gap` its distance from the proved bound.

        {families}
        """);

    /// <summary>Puts the table of streams after the others, in the place of the one that was there.</summary>
    public static void WriteStreams(string folder, string streams) => WriteSection(folder, HeadOfStreams, $"""
        `dotnet run -c Release --project tests/ScheduleSearch.Benchmarks -- streams`. Seconds to make and check the whole stream, bytes not kept;
        "heap" is the most that lived beside the schedule meanwhile, garbage included. Each format gets the first of the three schedules that it
        carries.

        {streams}
        """);

    /// <summary>Puts the table of pages after the others, in the place of the one that was there.</summary>
    public static void WritePages(string folder, string pages) => WriteSection(folder, HeadOfPages, $"""
        `dotnet run -c Release --project tests/ScheduleSearch.Benchmarks -- pages http://127.0.0.1:5080`, with the service on the same machine and nothing else.
        Debian's Chromium without a GPU, 1440 x 900. A frame is the time between two calls of requestAnimationFrame while the mouse drags the timeline of
        p = 64, v = 2, m = 512.

        {pages}
        """);

    /// <summary>Puts the tables of output layers after the others, in the place of those that were there.</summary>
    public static void WriteVocabulary(string folder, double seconds, string vocabulary) => WriteSection(folder, HeadOfVocabulary, $"""
        `dotnet run -c Release --project tests/ScheduleSearch.Benchmarks -- vocabulary {seconds.ToString(CultureInfo.InvariantCulture)}`.
        The published example, whose published orders take 155 with one barrier and 164 with two; the measured 6.2B model on 8 devices,
        24 microbatches, twice 1F1B's memory, times in us, with an output layer at the rate of its other layers; peak in activations of one
        microbatch. Then the shape of the published utilisation, 32 layers of width 3072 on 8 devices, 128 microbatches: the ratio of the times of
        1F1B with one barrier and with the layer whole, beside the ratio of the published utilisations. The published ones are 6 % higher throughout:
        barriers, broadcasts and smaller products take time there and none here.

        {vocabulary}
        """);

    /// <summary>Puts the table of unequal microbatches after the others, in the place of the one that was there.</summary>
    public static void WriteMicrobatches(string folder, double seconds, string microbatches) => WriteSection(folder, HeadOfMicrobatches, $"""
        `dotnet run -c Release --project tests/ScheduleSearch.Benchmarks -- microbatches {seconds.ToString(CultureInfo.InvariantCulture)}`. Steps of a production
        job of two ranks and 8 microbatches whose sequences differ in length (ByteDance-Seed/StragglerAnalysis, Apache-2.0): each microbatch by its factors of a
        rank's mean forward and backward, 1F1B's memory, times in ms. "as given" is 1F1B in the order of the job, "rising" and "falling" 1F1B with the
        microbatches sorted; both searches choose the order, with whole backwards and with backwards in two halves of the same time; the bound is of the
        latter. The last row is against 1F1B as given, over all steps.

        {microbatches}
        """);

    /// <summary>Puts the tables of estimates after the others, in the place of those that were there.</summary>
    public static void WriteEstimates(string folder, string estimates) => WriteSection(folder, HeadOfEstimates, $"""
        `dotnet run -c Release --project tests/ScheduleSearch.Benchmarks -- estimates`, which measures nothing: layer times on GH200 by eth-easl/sailor (MIT), memory
        by AMD-AGI/Primus (MIT). `b` microbatch size, `t` tensor-parallel size; a ratio is estimate / measured. What was run: TF32 products, attention by
        kernels one after the other, 2,048 tokens (OPT-350M, OPT-30B) and 8,192 (Llama-3-8B, there without grouped queries and with a feed-forward of 16,384),
        vocabulary 50,304.

        {estimates}
        """);

    /// <summary>Puts the table of measured plans after the others, in the place of the one that was there.</summary>
    public static void WritePlans(string folder, string plans) => WriteSection(folder, HeadOfPlans, $"""
        `dotnet run -c Release --project tests/ScheduleSearch.Benchmarks -- plans`, which measures nothing: iterations of OPT-350M on nodes of four GH200 by
        eth-easl/sailor (MIT), t = 4, so that each node is a rank. Predicted from the published times of layers: 1F1B of their stages replayed, with messages
        and sums of gradients of single precision at the published bandwidth between nodes, 22.9 GB/s, and the published update of the largest stage's layers.
        `p` ranks, `d` replicas, `b` sequences of a microbatch, `m` microbatches; a ratio is predicted / measured. "formula" is Pipette's in the place of the
        replay. The last column is what the publisher measured of the sums of gradients.

        {plans}
        """);

    /// <summary>Puts the table of problems that are searched again after the others, in the place of the one that was there.</summary>
    public static void WriteResearch(string folder, double seconds, string research) => WriteSection(folder, HeadOfResearch, $"""
        `dotnet run -c Release --project tests/ScheduleSearch.Benchmarks -- research {seconds.ToString(CultureInfo.InvariantCulture)}`. Stored requests with every
        time of a stage, and in some every limit of a device, drawn anew by so much above or below at most. (A limit below is one activation less at least, since
        those requests' limits are whole numbers of activations.) "cold" begins with a quick pass, "warm" with the schedule that
        {seconds.ToString(CultureInfo.InvariantCulture)} s of search found for the request as stored: its order is replayed under the new times, brought within
        the new limits where it does not fit as it is ("replayed first"), tightened, and set beside a quick pass, whose seconds count. Both search {seconds.ToString(CultureInfo.InvariantCulture)} s
        in all; values are divided by the one that the cold search ends with.

        {research}
        """);

    private static void WriteSection(string folder, string head, string body)
    {
        var path = Path.Combine(folder, "RESULTS.md");
        var text = File.ReadAllText(path);
        var begin = text.IndexOf(head, StringComparison.Ordinal);
        var end = begin < 0 ? text.Length : text.IndexOf("\n## ", begin, StringComparison.Ordinal) is >= 0 and var next ? next : text.Length;
        var date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var (before, after) = (begin < 0 ? text : text[..begin], text[end..].Trim());
        var measured = $"Measured on {date} with {Environment.ProcessorCount} cores by {body.Trim()}";
        File.WriteAllText(path, $"{before.TrimEnd()}\n\n{head}\n\n{measured}\n{(after.Length == 0 ? "" : $"\n{after}\n")}");
    }
}
