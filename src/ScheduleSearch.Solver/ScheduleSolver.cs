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

    /// <summary>What is asked for: a family by name is the answer, not a start; the best schedule is searched.</summary>
    /// <inheritdoc cref="SolveAsync(Problem, SolveOptions, Solution?, Action{Solution}, CancellationToken)"/>
    public async Task<Searched> SolveAsync(
        AskedSchedule asked, SolveOptions options, Solution? known, Action<Solution> improved, CancellationToken cancellation)
    {
        if (asked.Family is null) return await SearchAsync(asked.Problem, options, known, improved, cancellation);
        var answer = await FirstAsync(asked, known);
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

    /// <summary>Ends the warm children.</summary>
    public void Dispose() => _pool.Dispose();

    private async Task<Searched> SearchAsync(
        Problem problem, SolveOptions options, Solution? known, Action<Solution> improved, CancellationToken cancellation)
    {
        var begun = _time.GetTimestamp();
        var best = await FirstAsync(new AskedSchedule(problem), known);
        improved(best);
        var limit = options.WorkLimit is null ? TimeSpan.FromSeconds(options.TimeLimitSeconds) : settings.LongestWork;
        using var board = new SearchBoard(best, options.TargetGap, improved);
        if (board.IsDone || limit - _time.GetElapsedTime(begun) < LeastSearch || cancellation.IsCancellationRequested)
            return new Searched(best, IsWhole: true);
        var hasEnded = await ImproveAsync(board, options, limit - _time.GetElapsedTime(begun), cancellation);
        return new Searched(board.Best, hasEnded || _time.GetElapsedTime(begun) >= limit);
    }

    /// <summary>What is known, with the best bound in closed form, or what a quick pass finds.</summary>
    private static async Task<Solution> FirstAsync(AskedSchedule asked, Solution? known) =>
        known?.WithBound(BoundCatalogue.Best(asked.Problem)) ?? await Task.Run(() => QuickPass.Solve(asked), CancellationToken.None);

    /// <summary>Searches in a child. One that was kept warm may be gone without having heard of the search; then another one is asked.</summary>
    /// <returns>Whether the child said that it is done.</returns>
    private async Task<bool> ImproveAsync(SearchBoard board, SolveOptions options, TimeSpan left, CancellationToken cancellation)
    {
        var begun = _time.GetTimestamp();
        var outcome = Outcome.NotHeard;
        for (var asked = 0; outcome == Outcome.NotHeard && asked < 2; asked++)
            outcome = await SearchInChildAsync(board, options, left - _time.GetElapsedTime(begun), cancellation);
        return outcome == Outcome.Done;
    }

    private async Task<Outcome> SearchInChildAsync(SearchBoard board, SolveOptions options, TimeSpan left, CancellationToken cancellation)
    {
        var child = _pool.Rent();
        var outcome = Outcome.Ended;
        using var over = new CancellationTokenSource();
        try
        {
            var guard = GuardAsync(child, left + settings.Grace, cancellation, over.Token);
            await child.SendAsync(JsonSerializer.Serialize(SolveMessage.Of(board, options, left.TotalSeconds, settings.Workers)));
            outcome = await ListenAsync(child, board);
            await over.CancelAsync();
            if (await guard) outcome = Outcome.Ended;
            else if (outcome != Outcome.Done) _report($"Solver child {child.Id} ended before its search did; what it had found is kept.");
            return outcome;
        }
        finally
        {
            if (outcome == Outcome.Done) _pool.Return(child);
            else child.Dispose();
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

    /// <summary>Asks a child to stop when the caller does, and kills one that overstays its time, its memory, or that request.</summary>
    /// <returns>Whether it killed the child.</returns>
    private async Task<bool> GuardAsync(SolverChild child, TimeSpan limit, CancellationToken cancellation, CancellationToken over)
    {
        var begun = _time.GetTimestamp();
        var asked = false;
        while (!over.IsCancellationRequested)
        {
            await Task.Delay(GuardInterval, _time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (over.IsCancellationRequested) return false;
            if (cancellation.IsCancellationRequested && !asked)
            {
                asked = true;
                limit = _time.GetElapsedTime(begun) + settings.Grace;
                await child.SendAsync(SolveMessage.Stop);
            }

            PeakChildMemory = Math.Max(PeakChildMemory, child.ResidentMemory);
            var memory = child.ResidentMemory >> 20;
            if (_time.GetElapsedTime(begun) <= limit && memory <= settings.MemoryCeiling) continue;
            _report($"Solver child {child.Id} is killed after {_time.GetElapsedTime(begun).TotalSeconds:F1} s with {memory} MiB.");
            child.Kill();
            return true;
        }

        return false;
    }

    /// <summary>How a search in a child came to its end.</summary>
    private enum Outcome
    {
        /// <summary>The child said that it is done.</summary>
        Done,

        /// <summary>The child ended or was ended before that.</summary>
        Ended,

        /// <summary>The child ended before it said anything.</summary>
        NotHeard,
    }
}
