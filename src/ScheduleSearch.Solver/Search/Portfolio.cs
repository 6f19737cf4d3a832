namespace ScheduleSearch.Solver.Search;

/// <summary>Decides which methods search, with how many threads, and for how long.</summary>
internal static class Portfolio
{
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
        if (work is { } units) RunInTurn(board, methods, units, seed, report, stop.Token);
        else RunSideBySide(board, methods, seed, workers, report, stop.Token);
    }

    /// <summary>One method after the other, each with its share of the work: the outcome does not depend on the clock.</summary>
    private static void RunInTurn(
        SearchBoard board, List<ISearchMethod> methods, long work, int seed, Action<string> report, CancellationToken stop)
    {
        var share = Math.Max(1, work / Math.Max(1, methods.Count));
        foreach (var method in methods) Guarded(() => method.Run(board, new SearchBudget(share, seed, Workers: 1), stop), method, report);
    }

    private static void RunSideBySide(
        SearchBoard board, List<ISearchMethod> methods, int seed, int workers, Action<string> report, CancellationToken stop)
    {
        var threads = Enumerable.Range(0, Math.Max(workers, methods.Count)).Select(index =>
        {
            var method = methods[index % methods.Count];
            var budget = new SearchBudget(null, seed + index, Workers: Math.Max(1, workers / methods.Count));
            return Task.Factory.StartNew(
                () => Guarded(() => method.Run(board, budget, stop), method, report), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        });
        Task.WaitAll([.. threads], CancellationToken.None);
    }

    private static void Guarded(Action run, ISearchMethod method, Action<string> report)
    {
        try
        {
            run();
        }
        catch (ContradictionException contradiction)
        {
            report($"{method.Name}: {contradiction.Message}");
        }
    }
}
