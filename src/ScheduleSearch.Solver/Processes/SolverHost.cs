using System.Text.Json;
using System.Threading.Channels;
using ScheduleSearch.Solver.Portfolio;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Solver.Processes;

/// <summary>The child's side: says when it is warm, then does one search after the other, as the parent asks on standard input, until that ends.</summary>
/// <param name="input">What the parent asks.</param>
/// <param name="output">What it is told.</param>
/// <param name="time">The clock.</param>
/// <param name="abandon">Ends the process; called when it still works a while after the input ended, since nobody hears it any more.</param>
internal sealed class SolverHost(TextReader input, TextWriter output, TimeProvider time, Action abandon)
{
    private static readonly TimeSpan LongestAlone = TimeSpan.FromSeconds(1);

    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public async Task RunAsync()
    {
        using var ended = new ManualResetEventSlim();
        // A thread of its own, so that a search on all others does not keep it from noticing that the parent is gone.
        var reading = new Thread(() => ReadLines(ended)) { IsBackground = true };
        reading.Start();
        await new SolverHost(TextReader.Null, TextWriter.Null, time, abandon).SearchAsync(WarmUpSearch.Message(), time.GetTimestamp());
        await WriteAsync(new SolverReply(Ready: true));
        await foreach (var line in _lines.Reader.ReadAllAsync())
        {
            if (line == SolveMessage.Stop) continue;
            var asked = time.GetTimestamp();
            await SearchAsync(JsonSerializer.Deserialize<SolveMessage>(line)!, asked);
            await WriteAsync(new SolverReply(Done: true));
        }

        ended.Set();
        reading.Join();
    }

    private void ReadLines(ManualResetEventSlim ended)
    {
        while (input.ReadLine() is { } line) _lines.Writer.TryWrite(line);
        _lines.Writer.Complete();
        if (!ended.Wait(LongestAlone)) abandon();
    }

    private async Task SearchAsync(SolveMessage message, long asked)
    {
        var start = message.Start.Read(message.ReadProblem());
        // Reading a large problem takes a part of its budget.
        var left = Math.Max(0, message.Seconds - time.GetElapsedTime(asked).TotalSeconds);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(left), time);
        var improvements = Channel.CreateBounded<Solution>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        using var board = new SearchBoard(start, message.TargetGap, solution => improvements.Writer.TryWrite(solution));
        // A fused backward that the search may split is better from the start.
        if (start.Objective < message.Start.Objective) improvements.Writer.TryWrite(start);

        var defects = Channel.CreateUnbounded<string>();
        var search = Task.Run(() =>
            PortfolioSearch.Run(
                board, message.Work, message.Seed, message.Workers, defect => defects.Writer.TryWrite(defect), time, stop.Token, TimeSpan.FromSeconds(left)));
        var publishing = PublishAsync(board, improvements.Reader, search);
        var stopping = StopOnRequestAsync(stop, search);
        await search;
        await stopping;
        improvements.Writer.Complete();
        await publishing;
        defects.Writer.Complete();
        await foreach (var defect in defects.Reader.ReadAllAsync()) await WriteAsync(new SolverReply(Defect: defect));
    }

    /// <summary>Improvements come in bursts; the parent verifies and stores each that it gets, which takes longer the larger it is.</summary>
    private static TimeSpan Interval(SearchBoard board) => TimeSpan.FromMilliseconds(50) + TimeSpan.FromMicroseconds(4 * board.Graph.Count);

    private async Task PublishAsync(SearchBoard board, ChannelReader<Solution> improvements, Task search)
    {
        while (await improvements.WaitToReadAsync())
        {
            while (improvements.TryRead(out _))
            {
            }

            await WriteAsync(new SolverReply(Found: FoundMessage.Of(board)));
            await Task.WhenAny(Task.Delay(Interval(board), time), search);
        }
    }

    /// <summary>Stops the search when the parent says so or is gone.</summary>
    private async Task StopOnRequestAsync(CancellationTokenSource stop, Task search)
    {
        var asked = _lines.Reader.WaitToReadAsync().AsTask();
        if (await Task.WhenAny(asked, search) == asked) await stop.CancelAsync();
    }

    private async Task WriteAsync(SolverReply reply)
    {
        await output.WriteLineAsync(JsonSerializer.Serialize(reply));
        await output.FlushAsync();
    }
}
