using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using ScheduleSearch.Solver.Portfolio;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Solver.Processes;

/// <summary>The child's side: one search after the other, as the parent asks on standard input, until that ends.</summary>
internal sealed class SolverHost(TextReader input, TextWriter output)
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public async Task RunAsync()
    {
        var reading = Task.Run(ReadLines);
        await foreach (var line in _lines.Reader.ReadAllAsync())
        {
            if (line == SolveMessage.Stop) continue;
            var clock = Stopwatch.StartNew();
            await SolveAsync(JsonSerializer.Deserialize<SolveMessage>(line)!, clock);
            await WriteAsync(new SolverReply(Done: true));
        }

        await reading;
    }

    private void ReadLines()
    {
        while (input.ReadLine() is { } line) _lines.Writer.TryWrite(line);
        _lines.Writer.Complete();
    }

    private async Task SolveAsync(SolveMessage message, Stopwatch clock)
    {
        var start = message.Start.Read(message.ReadProblem());
        // Reading a large problem takes a part of its budget.
        var left = Math.Max(0, message.Seconds - clock.Elapsed.TotalSeconds);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(left));
        var improvements = Channel.CreateBounded<Solution>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        using var board = new SearchBoard(start, message.TargetGap, solution => improvements.Writer.TryWrite(solution));
        // A fused backward that the search may split is better from the start.
        if (start.Objective < message.Start.Objective) improvements.Writer.TryWrite(start);

        var defects = Channel.CreateUnbounded<string>();
        var search = Task.Run(() => PortfolioSearch.Run(board, message.Work, message.Seed, message.Workers, defect => defects.Writer.TryWrite(defect), stop.Token));
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
            await Task.WhenAny(Task.Delay(Interval(board)), search);
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
