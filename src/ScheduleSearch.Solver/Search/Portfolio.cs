namespace ScheduleSearch.Solver.Search;

/// <summary>Decides which methods search, with how many threads, and for how long.</summary>
/// <remarks>
/// Up to a few hundred operations an exact method closes the gap in seconds if it has all threads, so the others only search a good hint
/// for it first. Beyond that an exact method gets one thread beside them as long as it suits the problem, and none after that.
/// </remarks>
internal static class Portfolio
{
    private const int SmallProblem = 400;

    private static readonly TimeSpan SearchForHint = TimeSpan.FromSeconds(1);

    /// <summary>Searches until the board is done, nothing is left to find, the work is spent, or it is canceled.</summary>
    /// <param name="board">The best so far; takes what is found.</param>
    /// <param name="work">Work units, or null when only the cancellation ends the search.</param>
    /// <param name="seed">Seed of every random choice.</param>
    /// <param name="workers">Threads to use.</param>
    /// <param name="report">Told of every contradiction. The search goes on without the method that met it.</param>
    /// <param name="cancellation">Ends the search.</param>
    public static void Run(SearchBoard board, long? work, int seed, int workers, Action<string> report, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, board.Done);
        var methods = SearchMethodCatalogue.All.Where(method => method.Suits(board.Problem)).ToList();
        var run = new Team(board, methods, seed, report);
        if (work is { } units) run.InTurn(units, stop.Token);
        else if (board.Graph.Count <= SmallProblem) run.HintThenProof(workers, stop.Token);
        else run.SideBySide(workers, stop.Token);
    }

    private sealed class Team(SearchBoard board, List<ISearchMethod> methods, int seed, Action<string> report)
    {
        /// <summary>One method after the other, each with its share of the work: the outcome does not depend on the clock.</summary>
        public void InTurn(long work, CancellationToken stop)
        {
            var share = Math.Max(1, work / Math.Max(1, methods.Count));
            foreach (var method in methods) Run(method, new SearchBudget(share, seed, Workers: 1), stop);
        }

        public void HintThenProof(int workers, CancellationToken stop)
        {
            using var hint = CancellationTokenSource.CreateLinkedTokenSource(stop);
            hint.CancelAfter(SearchForHint);
            Threads(methods.Where(method => !method.IsExact), workers, hint.Token);
            foreach (var method in methods.Where(method => method.IsExact)) Run(method, new SearchBudget(null, seed, workers), stop);
        }

        public void SideBySide(int workers, CancellationToken stop) => Threads(methods, workers, stop);

        private void Threads(IEnumerable<ISearchMethod> methods, int workers, CancellationToken stop)
        {
            var team = methods.ToList();
            if (team.Count == 0) return;
            var tasks = Enumerable.Range(0, Math.Max(workers, team.Count)).Select(index => Task.Factory.StartNew(
                () => Run(team[index % team.Count], new SearchBudget(null, seed + index, Workers: 1), stop),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default));
            Task.WaitAll([.. tasks], CancellationToken.None);
        }

        private void Run(ISearchMethod method, SearchBudget budget, CancellationToken stop)
        {
            try
            {
                method.Run(board, budget, stop);
            }
            catch (ContradictionException contradiction)
            {
                report($"{method.Name}: {contradiction.Message}");
            }
        }
    }
}
