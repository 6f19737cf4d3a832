using System.Diagnostics;
using System.Text.Json;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Processes;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Solver;

/// <summary>
/// Solves problems: a quick pass in this process gives a first answer within milliseconds; while a gap is left and the budget lasts, the
/// improving search runs in a child process that may die at any moment without costing more than its own improvement.
/// </summary>
/// <param name="settings">What guards the child and how much of the machine it takes.</param>
/// <param name="report">Told of children that ended badly and of contradictions; nothing by default.</param>
/// <param name="time">The clock; the system's by default.</param>
public sealed class ScheduleSolver(SolverSettings settings, Action<string>? report = null, TimeProvider? time = null) : IDisposable
{
    private static readonly TimeSpan GuardInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LeastSearch = TimeSpan.FromMilliseconds(20);

    private readonly Action<string> _report = report ?? (_ => { });
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly SolverPool _pool = new(settings, report ?? (_ => { }));

    /// <summary>The most resident memory, in bytes, that any child was seen with.</summary>
    public long PeakChildMemory { get; private set; }

    /// <summary>Resident memory in bytes of each child that runs, searching or kept warm.</summary>
    public IReadOnlyList<long> ChildMemory => _pool.Memory;

    /// <summary>Raised when a child ends before its search does.</summary>
    public event Action<ChildLoss>? ChildLost;

    /// <summary>What is asked for: a family by name is the answer, not a start; the best schedule is searched.</summary>
    /// <inheritdoc cref="SolveAsync(Problem, SolveOptions, Solution?, Action{Solution}, CancellationToken)"/>
    public async Task<Searched> SolveAsync(
        AskedSchedule asked, SolveOptions options, Solution? known, Action<Solution> improved, CancellationToken cancellation)
    {
        if (asked.Family is null) return await SearchAsync(asked.Problem, options, known, improved, cancellation);
        var answer = await FirstAsync(asked, known, options);
        improved(answer);
        return new Searched(answer, IsWhole: true);
    }

    /// <summary>The best schedule that the budget allows.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="options">The budget; objective and splitBackward are the problem's own.</param>
    /// <param name="known">A solution of a quick pass or an earlier search to go on from; null when there is none.</param>
    /// <param name="improved">Called with the first solution and then with each better schedule or bound, in order, never at the same time.</param>
    /// <param name="cancellation">Stops the search; the best solution so far is returned.</param>
    public async Task<Solution> SolveAsync(
        Problem problem, SolveOptions options, Solution? known, Action<Solution> improved, CancellationToken cancellation) =>
        (await SearchAsync(problem, options, known, improved, cancellation)).Best;

    /// <summary>
    /// Warms children, and what a search passes through in this process, so that the first search of its life is as good as any. Ends when the first child is
    /// warm.
    /// </summary>
    public async Task WarmUpAsync(CancellationToken cancellation)
    {
        _pool.Fill();
        var problem = WarmUpSearch.Problem();
        var known = await Task.Run(() => QuickPass.Solve(problem), cancellation);
        if (await _pool.IsWarmAsync().WaitAsync(cancellation))
            await SolveAsync(problem, WarmUpSearch.Options with { WorkLimit = 1 }, known, _ => { }, cancellation);
    }

    /// <summary>Ends the warm children.</summary>
    public void Dispose() => _pool.Dispose();

    private async Task<Searched> SearchAsync(
        Problem problem, SolveOptions options, Solution? known, Action<Solution> improved, CancellationToken cancellation)
    {
        var begun = _time.GetTimestamp();
        var best = await FirstAsync(new AskedSchedule(problem), known, options);
        improved(best);
        var limit = options.WorkLimit is null ? TimeSpan.FromSeconds(options.TimeLimitSeconds) : settings.LongestWork;
        using var board = new SearchBoard(best, options.TargetGap, improved);
        if (board.IsDone || limit - _time.GetElapsedTime(begun) < LeastSearch || cancellation.IsCancellationRequested)
            return new Searched(best, IsWhole: true);
        var isWhole = await ImproveAsync(board, options, limit - _time.GetElapsedTime(begun), cancellation);
        return new Searched(board.Best, isWhole);
    }

    /// <summary>What is known, with the best bound in closed form, or what a quick pass finds.</summary>
    private async Task<Solution> FirstAsync(AskedSchedule asked, Solution? known, SolveOptions options)
    {
        if (known is not null) return known.WithBound(BoundCatalogue.Best(asked.Problem));
        var begun = _time.GetTimestamp();
        // The outcome of a work limit does not depend on the clock.
        bool IsOver() => options.WorkLimit is null && _time.GetElapsedTime(begun).TotalSeconds >= options.TimeLimitSeconds;
        return await Task.Run(() => QuickPass.Solve(asked, options.TargetGap, IsOver), CancellationToken.None);
    }

    /// <summary>Searches in a child. One that was kept warm may be gone without having heard of the search; then another one is asked.</summary>
    /// <returns>Whether the time was searched, or the child had no more to find.</returns>
    private async Task<bool> ImproveAsync(SearchBoard board, SolveOptions options, TimeSpan left, CancellationToken cancellation)
    {
        var deadline = new Deadline(_time, left, settings.Grace);
        var outcome = Outcome.NotHeard;
        for (var asked = 0; outcome == Outcome.NotHeard && asked < 2; asked++) outcome = await SearchInChildAsync(board, options, deadline, cancellation);
        return outcome is Outcome.Done or Outcome.Killed;
    }

    private async Task<Outcome> SearchInChildAsync(SearchBoard board, SolveOptions options, Deadline deadline, CancellationToken cancellation)
    {
        var child = _pool.Rent();
        if (!await IsWarmInTimeAsync(child, deadline, cancellation))
        {
            if (child.Warm.IsCompleted)
            {
                ChildLost?.Invoke(ChildLoss.Died);
                return Lose(child, Outcome.NotHeard);
            }

            if (!cancellation.IsCancellationRequested) _report($"Solver child {child.Id} was not warm in time.");
            _pool.Return(child);
            return Outcome.Late;
        }

        var seconds = deadline.Search();
        using var span = SolverSpans.Source.StartActivity("solver child")?.SetTag("process.pid", child.Id);
        using var over = new CancellationTokenSource();
        var guard = GuardAsync(child, seconds, deadline, cancellation, over.Token);
        await child.SendAsync(JsonSerializer.Serialize(SolveMessage.Of(board, options, seconds.TotalSeconds, settings.Workers)));
        var outcome = await ListenAsync(child, board);
        await over.CancelAsync();
        if (await guard is { } end)
        {
            span?.SetStatus(ActivityStatusCode.Error, "killed");
            return Lose(child, end);
        }

        if (outcome != Outcome.Done)
        {
            span?.SetStatus(ActivityStatusCode.Error, "died");
            _report($"Solver child {child.Id} ended before its search did; what it had found is kept.");
            ChildLost?.Invoke(ChildLoss.Died);
            return Lose(child, outcome);
        }

        _pool.Return(child);
        return outcome;
    }

    private Outcome Lose(SolverChild child, Outcome outcome)
    {
        _pool.Replace(child);
        return outcome;
    }

    /// <summary>Whether a child becomes warm while there is time to search. One that does not is left to become so for the next search.</summary>
    private static async Task<bool> IsWarmInTimeAsync(SolverChild child, Deadline deadline, CancellationToken cancellation)
    {
        try
        {
            return await child.Warm.WaitAsync(deadline.Start(), deadline.Time, cancellation);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Verifies and keeps what a child sends.</summary>
    private async Task<Outcome> ListenAsync(SolverChild child, SearchBoard board)
    {
        var outcome = Outcome.NotHeard;
        while (await child.ReadAsync() is { } reply)
        {
            if (reply.Done) return Outcome.Done;
            outcome = Outcome.Ended;
            if (reply.Defect is { } defect) _report($"Solver child {child.Id}: {defect}");
            if (reply.Found is not { } found) continue;
            try
            {
                found.OfferTo(board);
            }
            catch (ContradictionException contradiction)
            {
                _report($"Solver child {child.Id}: {contradiction.Message}");
            }
        }

        return outcome;
    }

    /// <summary>Asks a child to stop when its time is over or the caller stops, and kills one that overstays that, or its memory.</summary>
    /// <returns>How it ended the child; null when it did not.</returns>
    private async Task<Outcome?> GuardAsync(SolverChild child, TimeSpan seconds, Deadline deadline, CancellationToken cancellation, CancellationToken over)
    {
        var (begun, last) = (_time.GetTimestamp(), deadline.Left);
        var asked = false;
        while (true)
        {
            var elapsed = _time.GetElapsedTime(begun);
            var wait = (asked ? last : seconds) - elapsed;
            await Task.Delay(wait < GuardInterval ? TimeSpan.FromMilliseconds(Math.Max(1, wait.TotalMilliseconds)) : GuardInterval, _time, over)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (over.IsCancellationRequested) return null;
            elapsed = _time.GetElapsedTime(begun);
            if (!asked && (cancellation.IsCancellationRequested || elapsed >= seconds))
            {
                asked = true;
                if (cancellation.IsCancellationRequested && elapsed + settings.Grace < last) last = elapsed + settings.Grace;
                // Not waited for: one that takes nothing in is what this is about.
                _ = child.SendAsync(SolveMessage.Stop);
            }

            var resident = child.ResidentMemory;
            PeakChildMemory = Math.Max(PeakChildMemory, resident);
            var memory = resident >> 20;
            if (elapsed < last && memory <= settings.MemoryCeiling) continue;
            _report($"Solver child {child.Id} is killed after {elapsed.TotalSeconds:F1} s with {memory} MiB.");
            child.Kill();
            ChildLost?.Invoke(memory > settings.MemoryCeiling ? ChildLoss.OverMemory : ChildLoss.OverTime);
            return elapsed < seconds ? Outcome.Ended : Outcome.Killed;
        }
    }

    /// <summary>How a search in a child came to its end.</summary>
    private enum Outcome
    {
        /// <summary>The child said that it is done.</summary>
        Done,

        /// <summary>The child ended or was ended before its time was over.</summary>
        Ended,

        /// <summary>The child searched for its time and was ended after it.</summary>
        Killed,

        /// <summary>The child ended before it said anything.</summary>
        NotHeard,

        /// <summary>The child was not warm before the time was over.</summary>
        Late,
    }
}
