using Google.OrTools.Sat;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Exact;
using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Bounds;

/// <summary>Solves the small problems of <see cref="WindowBound"/>, each with what the smaller ones proved as cuts.</summary>
/// <param name="times">What is proved; takes what is found.</param>
/// <param name="budget">What all of them may spend.</param>
/// <param name="stop">Ends them; what is proved by then counts.</param>
internal sealed class WindowSearch(WindowTimes times, SearchBudget budget, CancellationToken stop)
{
    /// <summary>The local search for a first schedule: about a quarter of a second.</summary>
    private const long HintWork = 10_000;

    private long? _work = budget.Work;

    /// <summary>Whether nothing is left to spend.</summary>
    public bool IsOver => stop.IsCancellationRequested || _work <= 0;

    /// <summary>The least time between the first starts of two microbatches, one so many behind the other.</summary>
    public void SolveBetween(int microbatches) => SolveBetween(microbatches, times.Smaller(microbatches + 1));

    /// <summary>The same where only the first device of a linear pipeline does one operation at a time: less, but found at once.</summary>
    public void SolveBetweenOnFirstDevice(int microbatches) => SolveBetween(microbatches, times.SmallerOnFirstDevice(microbatches + 1));

    private void SolveBetween(int microbatches, Problem? problem)
    {
        if (IsOver || problem is null) return;
        var start = QuickPass.Solve(problem);
        using var board = new SearchBoard(start, targetGap: 0, improved: _ => { });
        var graph = board.Graph;
        var chains = new OperationChains(graph);
        var behind = TimeOfAll(graph);
        var grid = TimeGrid.For(graph, 2 * (start.Objective + behind));
        var most = grid.MostSteps(start.Objective);
        var milestone = new Milestone(graph.IndexOf(Operation.Forward(0, microbatches)), grid.MostSteps(behind));
        var model = new ScheduleModel(graph, chains, grid, least: 0, most, milestone);
        model.Hint(chains.InOrder(board.OrdersOf(start)), most);
        using var run = new MilestoneRun(model, grid);
        times.OfferBetween(microbatches, run.Solve(Share(), stop), problem);
        _work -= run.Work;
    }

    /// <summary>The least makespan of so many microbatches alone.</summary>
    /// <param name="microbatches">So many.</param>
    /// <param name="proved">Called whenever more is proved.</param>
    public void SolveAlone(int microbatches, Action proved)
    {
        if (IsOver || times.Smaller(microbatches) is not { } problem) return;
        var start = QuickPass.Solve(problem).WithBound(new ProvedBound(times.Alone(microbatches), "windows"));
        using var board = new SearchBoard(start, targetGap: 0, improved: Take);
        if (!board.IsDone)
        {
            var work = Math.Min(HintWork, _work ?? HintWork);
            using var found = CancellationTokenSource.CreateLinkedTokenSource(stop, board.Done);
            new LocalSearch().Run(board, new SearchBudget(work, budget.Seed, Workers: 1), found.Token);
            _work -= work;
        }

        Close(board);
        Take(board.Best);

        void Take(Solution solution)
        {
            times.OfferAlone(microbatches, solution.Bound.Ticks);
            proved();
        }
    }

    /// <summary>Improves a board's schedule and bound until they meet, with what is proved of fewer microbatches as cuts.</summary>
    public void Close(SearchBoard board)
    {
        if (IsOver || board.IsDone) return;
        using var done = CancellationTokenSource.CreateLinkedTokenSource(stop, board.Done);
        var (graph, best) = (board.Graph, board.Best);
        var chains = new OperationChains(graph);
        var grid = TimeGrid.For(graph, 2 * best.Objective);
        var most = grid.MostSteps(best.Objective);
        var model = new ScheduleModel(graph, chains, grid, grid.LeastSteps(best.Bound.Ticks), most);
        AddCuts(model, grid, chains.Find(OperationKind.Forward, 0, 0)!);
        model.Hint(chains.InOrder(board.OrdersOf(best)), most);
        using var run = new CpSatRun(model, board, WindowBound.BoundName, CpSatSolve.ForProof);
        var status = run.Solve(Share(), bound => new ProvedBound(grid.BoundOf(bound), WindowBound.BoundName), done.Token);
        if (status == CpSolverStatus.Infeasible)
            throw new ContradictionException($"The windows prove that there is no schedule; {best.Method} has one of {best.Objective} ticks.");
        _work -= run.Work;
    }

    private void AddCuts(ScheduleModel model, TimeGrid grid, int[] starts)
    {
        for (var from = 0; from < starts.Length; from++)
        {
            if (from > 0) model.LeaveAtLeast(starts[from], grid.StepsWithin(times.Alone(starts.Length - from)));
            for (var to = from + 1; to < starts.Length; to++) model.Separate(starts[from], starts[to], grid.StepsWithin(times.Between(to - from)));
        }
    }

    /// <summary>Whatever is left at any time can follow one by one, each behind the lag of what it waits for.</summary>
    private static long TimeOfAll(OperationGraph graph)
    {
        var ticks = 0L;
        for (var operation = 0; operation < graph.Count; operation++)
        {
            ticks += graph.Durations[operation];
            foreach (var (_, lag) in graph.DependenciesOf(operation)) ticks += lag;
        }

        return ticks;
    }

    /// <summary>Half of what is left, so that something is left for larger problems.</summary>
    private SearchBudget Share() => budget with { Work = _work is { } left ? Math.Max(1, left / 2) : null };
}
