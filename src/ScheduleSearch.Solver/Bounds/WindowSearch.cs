using Google.OrTools.Sat;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Exact;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Solver.Search.Local;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Solver.Bounds;

/// <summary>Solves the small problems of <see cref="WindowBound"/> on groups of devices, each with what was proved before as cuts.</summary>
/// <param name="times">What is proved; takes what is found.</param>
/// <param name="budget">What all of them may spend.</param>
/// <param name="stop">Ends them; what is proved by then counts.</param>
internal sealed class WindowSearch(WindowTimes times, SearchBudget budget, CancellationToken stop)
{
    /// <summary>The local search for a first schedule: about a quarter of a second.</summary>
    private const long HintWork = 10_000;

    /// <summary>Parts of all work that a first turn is.</summary>
    private const int PartsOfWork = 4;

    private static readonly TimeSpan FirstTurn = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Problem, Solution> _solutions = [];
    private long? _work = budget.Work;

    /// <summary>Doubles what each problem may spend; 0 at first.</summary>
    public int Doublings { get; set; }

    /// <summary>Whether nothing is left to spend.</summary>
    public bool IsOver => stop.IsCancellationRequested || _work <= 0;

    /// <summary>The least time between the first starts of two microbatches, one so many after the other. The group has the first stage.</summary>
    /// <returns>Whether the problem is closed.</returns>
    public bool SolveBetween(int microbatches, DeviceGroup group)
    {
        if (IsOver || times.Smaller(microbatches + 1) is not { } problem) return false;
        var start = FirstSolutionOf(problem);
        using var board = new SearchBoard(start, targetGap: 0, improved: _ => { });
        var graph = group.Keep(board.Graph);
        var chains = new OperationChains(graph);
        var after = TimeOfAll(board.Graph);
        var grid = TimeGrid.For(graph, 2 * (start.Objective + after));
        var most = grid.MostSteps(start.Objective);
        var milestone = new Milestone(graph.IndexOf(Operation.Forward(0, microbatches)), grid.MostSteps(after));
        var model = new ScheduleModel(graph, chains, grid, least: 0, most, milestone);
        model.Hint(chains.InTurn(group.OrdersOf(board, graph)), most);
        return Prove(model, grid, ticks => times.OfferBetween(microbatches, ticks), stop);
    }

    /// <summary>The least makespan of so many microbatches alone.</summary>
    /// <param name="microbatches">So many.</param>
    /// <param name="group">The devices that keep everything.</param>
    /// <param name="proved">Called whenever more is proved.</param>
    /// <returns>Whether the problem is closed.</returns>
    public bool SolveAlone(int microbatches, DeviceGroup group, Action proved)
    {
        if (IsOver || times.Smaller(microbatches) is not { } problem) return false;
        var start = FirstSolutionOf(problem).WithBound(new ProvedBound(times.Alone(microbatches), group.BoundName));
        using var board = new SearchBoard(start, targetGap: 0, improved: Take);
        var closed = Close(board, group);
        Take(board.Best);
        return closed;

        void Take(Solution solution)
        {
            times.OfferAlone(microbatches, solution.Bound.Ticks);
            proved();
        }
    }

    /// <summary>
    /// Raises a board's bound, with what is proved of fewer microbatches as cuts; where all devices keep everything, schedules improve too.
    /// </summary>
    /// <returns>Whether the problem is closed.</returns>
    public bool Close(SearchBoard board, DeviceGroup group)
    {
        if (board.IsDone) return true;
        if (IsOver) return false;
        using var done = CancellationTokenSource.CreateLinkedTokenSource(stop, board.Done);
        var whole = group.Devices.Count == board.Problem.Devices;
        if (whole && board.Problem.Microbatches < times.Microbatches) FindHint(board, done.Token);
        if (board.IsDone) return true;
        var best = board.Best;
        var graph = group.Keep(board.Graph);
        var chains = new OperationChains(graph);
        var grid = TimeGrid.For(graph, 2 * best.Objective);
        var most = grid.MostSteps(best.Objective);
        var model = new ScheduleModel(graph, chains, grid, grid.LeastSteps(best.Bound.Ticks), most);
        if (board.Problem.Objective == Objective.Makespan && chains.Find(OperationKind.Forward, 0, 0) is { } starts) AddCuts(model, grid, starts);
        model.Hint(chains.InTurn(group.OrdersOf(board, graph)), most);
        return whole ? Improve(model, grid, board, done.Token) : Prove(model, grid, ticks => board.Offer(new ProvedBound(ticks, group.BoundName)), done.Token);
    }

    private Solution FirstSolutionOf(Problem problem)
    {
        if (_solutions.TryGetValue(problem, out var start)) return start;
        return _solutions[problem] = QuickPass.Solve(problem);
    }

    private void FindHint(SearchBoard board, CancellationToken cancellation)
    {
        var work = Math.Min(HintWork, _work ?? HintWork);
        new LocalSearch().Run(board, new SearchBudget(work, budget.Seed, Workers: 1), cancellation);
        _work -= work;
    }

    private bool Prove(ScheduleModel model, TimeGrid grid, Action<long> proved, CancellationToken cancellation)
    {
        using var turn = TurnOf(cancellation);
        using var run = new ProofRun(model, grid, proved);
        var closed = run.Solve(NextBudget(), turn.Token);
        _work -= run.Work;
        return closed;
    }

    private bool Improve(ScheduleModel model, TimeGrid grid, SearchBoard board, CancellationToken cancellation)
    {
        using var turn = TurnOf(cancellation);
        using var run = new CpSatRun(model, board, WindowBound.BoundName, CpSatSolve.ForProof);
        var status = run.Solve(NextBudget(), bound => new ProvedBound(grid.BoundOf(bound), WindowBound.BoundName), turn.Token);
        if (status == CpSolverStatus.Infeasible)
            throw new ContradictionException($"The windows prove that there is no schedule; {board.Best.Method} has one of {board.Best.Objective} ticks.");
        _work -= run.Work;
        return status == CpSolverStatus.Optimal;
    }

    private void AddCuts(ScheduleModel model, TimeGrid grid, int[] starts)
    {
        for (var from = 0; from < starts.Length; from++)
        {
            if (from > 0) model.LeaveAtLeast(starts[from], grid.StepsWithin(times.Alone(starts.Length - from)));
            for (var to = from + 1; to < starts.Length; to++) model.Separate(starts[from], starts[to], grid.StepsWithin(times.Between(to - from)));
        }
    }

    /// <summary>Whatever is left at any time can follow one by one, each after the lag of what it waits for.</summary>
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

    /// <summary>With a work limit the clock has no say.</summary>
    private CancellationTokenSource TurnOf(CancellationToken cancellation)
    {
        var turn = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (_work is null) turn.CancelAfter(FirstTurn * Math.Pow(2, Doublings));
        return turn;
    }

    private SearchBudget NextBudget() =>
        budget with { Work = _work is { } left ? Math.Clamp(Math.Max(1, budget.Work!.Value / PartsOfWork) << Doublings, 1, Math.Max(1, left)) : null };
}
