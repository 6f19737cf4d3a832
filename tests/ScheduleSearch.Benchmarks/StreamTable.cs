using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Benchmarks;

/// <summary>What it costs to make the stream of a large schedule in each format, its lowering and checks included.</summary>
internal static class StreamTable
{
    private static readonly string[] Columns = ["format", "schedule", "p", "v", "m", "operations", "s", "stream MiB", "heap MiB"];

    // What a format carries: V with split backwards, else whole backwards, else one stage a rank.
    private static readonly (string Family, int Chunks, int Microbatches)[] Schedules = [("zb-v", 2, 512), ("interleaved-1f1b", 2, 512), ("1f1b", 1, 1024)];

    public static string Run()
    {
        var table = new MarkdownTable(Columns);
        var timelines = Schedules.Select(Replayed).ToList();
        foreach (var format in InstructionFormatCatalogue.All)
        {
            var chosen = timelines.FindIndex(timeline => format.WhyNot(timeline) is null);
            var (timeline, shape) = (timelines[chosen], Schedules[chosen]);
            // The first stream of a format also pays for its compilation.
            format.Write(timeline, 0, new Discard(0));
            GC.Collect();
            var sink = new Discard(GC.GetTotalMemory(forceFullCollection: true));
            var clock = Stopwatch.StartNew();
            if (format.WhyNot(timeline) is not null) throw new InvalidOperationException("The format carried the schedule a moment ago.");
            format.Write(timeline, null, sink);
            var seconds = clock.Elapsed.TotalSeconds;
            table.Add(
            [
                format.Name, shape.Family, "64", Text(shape.Chunks, "0"), Text(shape.Microbatches, "0"), Text(timeline.Graph.Count, "0"), Text(seconds, "F2"),
                Text(sink.Bytes / 1048576.0, "F1"), Text(sink.Heap / 1048576.0, "F0"),
            ]);
        }

        return table.ToString();
    }

    private static Timeline Replayed((string Family, int Chunks, int Microbatches) shape)
    {
        var family = FamilyCatalogue.All.Single(candidate => candidate.Name == shape.Family);
        var problem = Problem.Create(new Profile
        {
            Pipeline = new() { Devices = 64, Chunks = shape.Chunks, Placement = family.Placement, Microbatches = shape.Microbatches },
            Times = new() { Unit = TimeUnit.us, Forward = 5201, BackwardInput = 5124, BackwardWeight = 3849, Communication = 421 },
        });
        return Replay.Run(Schedule.Of(problem, family.Order(problem)));
    }

    private static string Text(IFormattable number, string format) => number.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>Takes bytes, keeps none, and sees how much the writer holds meanwhile.</summary>
    private sealed class Discard(long heapBefore) : IBufferWriter<byte>
    {
        private byte[] _buffer = new byte[1 << 16];

        public long Bytes { get; private set; }

        public long Heap { get; private set; }

        public void Advance(int count)
        {
            Bytes += count;
            Heap = Math.Max(Heap, GC.GetTotalMemory(forceFullCollection: false) - heapBefore);
        }

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            if (_buffer.Length < sizeHint) _buffer = new byte[sizeHint];
            return _buffer;
        }

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
