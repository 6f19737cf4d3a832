using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Solver.Portfolio;

/// <summary>Decides which methods search, with how many threads, and for how long.</summary>
/// <remarks>
/// Up to a few hundred operations CP-SAT closes the gap in seconds if it has all threads, so the others only search a good hint for it
/// first. Beyond that proofs get one thread beside the search for schedules, bounds before the whole problem, as long as a method suits
/// the problem. On 576 operations at half of 1F1B's memory that thread raises the proved bubble from 24 % to 43 % within 10 s, while one
/// thread of the search for schedules had found its best within half a second.
/// <para>
/// Kernels by CP-SAT take their turn after the local search has stalled. Before the local search began with building blocks they were worth
/// a thread's first seconds: of 11 random profiles of 12 to 32 devices with V chunks below 1F1B's memory 9 became better, by up to 1.5 %. Since
/// then they are not: 28.3B on 32 devices with 256 microbatches, 10 s, comes to the same at half of 1F1B's memory with and without them, and
/// at three eighths to 0.998 of its peer with and 0.995 without. Of a work limit, which one thread spends, they get a small part.
/// </para>
/// <para>
/// Windows solved exactly get a thread whenever nothing has improved for a while, and give it back when they gain nothing either; the first
/// of several threads stays with the local search. Measured from what 8 s of local search leave, one thread each, 8 s more: at p=8 with V
/// chunks and half of 1F1B's memory, where local search has stalled, windows take off 0 to 0.6 % and more local search 0 to 0.5 %; at p=16 and
/// p=32 local search still gains, 0.13 % and 0.34 %, where windows gain 0.03 % and 0.05 %. Spans at twice 1F1B's memory gain from neither.
/// A round of the local search takes longer the more operations there are, so patience grows with them. Two threads with 10 s of processor
/// time each that take turns so end 0.18 % lower than two of local search alone, in the mean over four such problems and three seeds
/// (-0.76 to +0.06 %). Half the patience on a machine that gave them a quarter of that time ended 0.25 % higher.
/// </para>
/// </remarks>
internal static class PortfolioSearch
{
    private const int SmallProblem = 400;
    private const int PartForConstructions = 8;

    private static readonly TimeSpan SearchForHint = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PatienceOfOperation = TimeSpan.FromMilliseconds(1);

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
        var methods = SearchMethodCatalogue.For(board.Problem).ToList();
        var run = new Team(board, methods, seed, report);
        if (work is { } units) run.InTurn(units, stop.Token);
        else if (board.Graph.Count <= SmallProblem && methods.Exists(method => method.Aim == SearchAim.Optimum)) run.HintThenProof(workers, stop.Token);
        else run.SideBySide(workers, stop.Token);
    }

    private sealed class Team(SearchBoard board, List<ISearchMethod> methods, int seed, Action<string> report)
    {
        private readonly TimeSpan _patience = LeastPatience + board.Graph.Count * PatienceOfOperation;

        /// <summary>One method after the other, each with its part of the work: the outcome does not depend on the clock.</summary>
        public void InTurn(long work, CancellationToken stop)
        {
            var constructions = Of(SearchAim.Constructions).ToList();
            var part = work / PartForConstructions;
            var allowance = (work - part * constructions.Count) / Math.Max(1, methods.Count - constructions.Count);
            foreach (var method in methods)
                Run(method, new SearchBudget(Math.Max(1, method.Aim == SearchAim.Constructions ? part : allowance), seed, Workers: 1), stop);
        }

        public void HintThenProof(int workers, CancellationToken stop)
        {
            using var hint = CancellationTokenSource.CreateLinkedTokenSource(stop);
            hint.CancelAfter(SearchForHint);
            Task.WaitAll([.. Enumerable.Range(0, workers).Select(thread => Start(() => Improve(thread, workers, hint.Token)))], CancellationToken.None);
            foreach (var method in Of(SearchAim.Optimum).Concat(Of(SearchAim.Bounds))) Run(method, new SearchBudget(null, seed, workers), stop);
        }

        public void SideBySide(int workers, CancellationToken stop)
        {
            var proofs = Of(SearchAim.Bounds).Concat(Of(SearchAim.Optimum)).ToList();
            var improving = proofs.Count == 0 ? workers : Math.Max(1, workers - 1);
            var threads = Enumerable.Range(0, improving).Select(thread => Start(() => Improve(thread, improving, stop))).ToList();
            if (proofs.Count > 0) threads.Add(Start(() => ProveThenImprove(proofs, improving, stop)));
            Task.WaitAll([.. threads], CancellationToken.None);
        }

        private static Task Start(Action run) =>
            Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        private void ProveThenImprove(List<ISearchMethod> proofs, int thread, CancellationToken stop)
        {
            foreach (var method in proofs) Run(method, new SearchBudget(null, seed, Workers: 1), stop);
            Improve(thread, thread + 1, stop);
        }

        /// <summary>
        /// Each thread draws its own random choices. The first of several stays with the first method; the others go on with the next one
        /// whenever nothing has improved for a while.
        /// </summary>
        private void Improve(int thread, int threads, CancellationToken stop)
        {
            var inTurn = Of(SearchAim.Schedules).Take(1).Concat(Of(SearchAim.Constructions)).Concat(Of(SearchAim.Schedules).Skip(1));
            var turns = new Queue<ISearchMethod>(inTurn.Take(thread == 0 && threads > 1 ? 1 : int.MaxValue));
            for (var turn = 0; !stop.IsCancellationRequested && turns.TryDequeue(out var method); turn++)
            {
                using var watch = turns.Count > 0 ? new StallWatch(board, _patience, stop) : null;
                var token = watch?.Stalled ?? stop;
                Run(method, new SearchBudget(null, seed + thread + threads * turn, Workers: 1), token);
                // A method that ends by itself has nothing left to find.
                if (token.IsCancellationRequested) turns.Enqueue(method);
            }
        }

        private IEnumerable<ISearchMethod> Of(SearchAim aim) => methods.Where(method => method.Aim == aim);

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
