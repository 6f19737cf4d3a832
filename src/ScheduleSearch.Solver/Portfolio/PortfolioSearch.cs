using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Solver.Portfolio;

/// <summary>Decides which methods search, with how many threads, and for how long.</summary>
/// <remarks>
/// Up to a few hundred operations CP-SAT closes the gap in seconds if it has all threads, so the others only search a good hint for it
/// first. Beyond that proofs get one thread beside the search for schedules, bounds before the whole problem, as long as a method suits
/// the problem. Constructions by CP-SAT take their turn after the local search has stalled; of a work limit they get a small part.
/// Windows solved exactly get a thread whenever nothing has improved for a while, and give it back when they gain nothing either; the first
/// of several threads stays with the local search. A round of that takes longer the more operations there are, so patience grows with them.
/// </remarks>
internal static class PortfolioSearch
{
    private const int SmallProblem = 400;
    private const int PartForConstructions = 8;
    private const double PartAtMeans = 0.3;

    private static readonly TimeSpan UnknownLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SearchForHint = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PatienceOfOperation = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// Searches until the board is done, nothing is left to find, the work is spent, or it is canceled. Where durations vary, first at their means.
    /// </summary>
    /// <param name="board">The best so far; takes what is found.</param>
    /// <param name="work">Work units, or null when only the cancellation ends the search.</param>
    /// <param name="seed">Seed of every random choice.</param>
    /// <param name="workers">Threads to use.</param>
    /// <param name="report">Told of every contradiction. The search goes on without the method that met it.</param>
    /// <param name="time">The clock of a search without a work limit.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <param name="limit">How long a search without a work limit will last; null where nobody knows.</param>
    public static void Run(
        SearchBoard board, long? work, int seed, int workers, Action<string> report, TimeProvider time, CancellationToken cancellation,
        TimeSpan? limit = null)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, board.Done);
        if (board.Problem.Robust is not null)
        {
            RunAtMeans(board, work / 2, seed, workers, report, time, PartAtMeans * (limit ?? UnknownLimit), stop.Token);
            work -= work / 2;
        }

        RunTeam(board, work, seed, workers, report, time, stop.Token);
    }

    /// <summary>
    /// Searches at the means of durations that vary, which is quick and proves bounds of the mean: its schedules are offered, and the best of them is worth
    /// going on from however it is judged.
    /// </summary>
    private static void RunAtMeans(
        SearchBoard board, long? work, int seed, int workers, Action<string> report, TimeProvider time, TimeSpan limit, CancellationToken cancellation)
    {
        var (problem, means, best) = (board.Problem, board.Problem.AtMeans(), board.Best);
        // A mean of next to nothing may leave a first stage without a backward: then the orders of neither are those of the other.
        if (means.FrozenStages != problem.FrozenStages) return;
        using var late = work is null ? new CancellationTokenSource(limit, time) : new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        using var there = new SearchBoard(
            Solution.Verified(Of(means, best), best.Method, BoundCatalogue.Best(means)), targetGap: 0, better => Offer(better));
        if (!there.IsDone) RunTeam(there, work, seed, workers, report, time, stop.Token);
        Offer(there.Best);
        board.AddStart(Of(problem, there.Best));

        void Offer(Solution better)
        {
            if (best.HasBound) board.Offer(new ProvedBound(problem.BoundOfMeans(means, better.Bound.Ticks), better.Bound.Name));
            board.Offer(Of(problem, better), better.Method);
        }

        static Schedule Of(Problem other, Solution solution) => OrderCodec.Decode(other, OrderCodec.Encode(solution.Timeline.Schedule));
    }

    private static void RunTeam(SearchBoard board, long? work, int seed, int workers, Action<string> report, TimeProvider time, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, board.Done);
        var methods = SearchMethodCatalogue.For(board.Problem).ToList();
        var run = new Team(board, methods, seed, report, time);
        if (work is { } units) run.InTurn(units, stop.Token);
        else if (board.Graph.Count <= SmallProblem && methods.Exists(method => method.Aim == SearchAim.Optimum)) run.HintThenProof(workers, stop.Token);
        else run.SideBySide(workers, stop.Token);
    }

    private sealed class Team(SearchBoard board, List<ISearchMethod> methods, int seed, Action<string> report, TimeProvider time)
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
            using var late = new CancellationTokenSource(SearchForHint, time);
            using var hint = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
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
                using var watch = turns.Count > 0 ? new StallWatch(board, _patience, time, stop) : null;
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
