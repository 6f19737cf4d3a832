using System.Globalization;
using Google.OrTools.Sat;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Exact;

/// <summary>One run of CP-SAT on a model: what it finds goes to the board at once.</summary>
internal sealed class CpSatRun : SolutionCallback
{
    private static readonly TimeSpan StopInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>The solver's deterministic time that a unit of work buys: it counts a small part of what these models cost.</summary>
    private const double SolverSecondsOfWork = 2e-8;

    private readonly ScheduleModel _model;
    private readonly SearchBoard _board;
    private readonly string _name;
    private readonly CpSolver _solver = new();
    private readonly CancellationTokenSource _stop = new();
    private Exception? _failure;

    public CpSatRun(ScheduleModel model, SearchBoard board, string name) => (_model, _board, _name) = (model, board, name);

    /// <summary>The objective of the last solution, in steps.</summary>
    public long Objective => _solver.Value(_model.Objective);

    /// <summary>Units of work that the run has spent.</summary>
    public long Work => (long)Math.Ceiling((_solver.Response?.DeterministicTime ?? 0) / SolverSecondsOfWork);

    /// <summary>Solves the model. Its schedules, and what its bounds prove, go to the board at once.</summary>
    /// <exception cref="ContradictionException">CP-SAT contradicts a verified schedule or a proved bound.</exception>
    public CpSolverStatus Solve(SearchBudget budget, Func<long, ProvedBound?> proved, CancellationToken cancellation)
    {
        if (_model.Model.Validate() is { Length: > 0 } fault) throw new InvalidOperationException($"The CP-SAT model is invalid: {fault}");
        _solver.StringParameters = Parameters(budget);
        _solver.SetBestBoundCallback(bound => Guarded(() => OfferBound(bound, proved)));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stop.Token);
        using var ended = new ManualResetEventSlim();
        var stopper = new Thread(() => StopWhenAsked(ended, stop.Token)) { IsBackground = true };
        stopper.Start();
        CpSolverStatus status;
        try
        {
            status = stop.IsCancellationRequested ? CpSolverStatus.Unknown : _solver.Solve(_model.Model, this);
        }
        finally
        {
            ended.Set();
            stopper.Join();
        }

        if (_failure is not null) throw _failure;
        if (status == CpSolverStatus.ModelInvalid) throw new InvalidOperationException($"CP-SAT rejects the model: {_solver.ResponseStats()}");
        if (status is CpSolverStatus.Optimal or CpSolverStatus.Feasible)
        {
            OfferOrder(_solver.Value);
            OfferBound(_solver.BestObjectiveBound, proved);
        }

        return status;
    }

    /// <inheritdoc/>
    public override void OnSolutionCallback() => Guarded(() => OfferOrder(start => SolutionIntegerValue(start.GetIndex())));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _solver.Dispose();
            _stop.Dispose();
        }

        base.Dispose(disposing);
    }

    private void OfferOrder(Func<IntVar, long> valueOf)
    {
        var graph = _model.Graph;
        var orders = graph.Lanes.Select(_ => new List<(long Start, bool Takes, int Operation)>()).ToList();
        for (var operation = 0; operation < graph.Count; operation++)
        {
            if (graph.LaneOf[operation] is >= 0 and var lane) orders[lane].Add((valueOf(_model.Starts[operation]), _model.TakesTime(operation), operation));
        }

        // At one time operations of no duration come first, in the order of the graph, which lets a microbatch finish before the next one starts.
        IReadOnlyList<IReadOnlyList<int>> sorted = [.. orders.Select(order => order.Order().Select(entry => entry.Operation).ToArray())];
        if (Fits(sorted)) _board.Offer(sorted, _name);
    }

    private bool Fits(IReadOnlyList<IReadOnlyList<int>> orders) => Enumerable.Range(0, orders.Count).All(lane =>
        ScheduleMetrics.PeakMemoryOf(_model.Graph, [.. orders[lane]]) <= _model.Graph.Problem.LimitOf(_model.Graph.Lanes[lane].Device));

    private void OfferBound(double steps, Func<long, ProvedBound?> proved)
    {
        if (double.IsFinite(steps) && proved((long)Math.Ceiling(steps - 1e-6)) is { } bound) _board.Offer(bound);
    }

    /// <summary>An exception that leaves a callback would end the process: it is kept for the end of the run.</summary>
    private void Guarded(Action callback)
    {
        try
        {
            callback();
        }
#pragma warning disable CA1031 // Whatever it is, it must not pass through native code; it is thrown again behind it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
            _stop.Cancel();
        }
    }

    /// <summary>A stop that comes before the solver has begun is lost, so it is repeated until the solver ends.</summary>
    private void StopWhenAsked(ManualResetEventSlim ended, CancellationToken asked)
    {
        WaitHandle.WaitAny([asked.WaitHandle, ended.WaitHandle]);
        while (!ended.Wait(StopInterval, CancellationToken.None)) _solver.StopSearch();
    }

    /// <summary>With a work limit the solver's subsolvers take turns on one thread, so that the number of threads makes no difference.</summary>
    private static string Parameters(SearchBudget budget)
    {
        var parameters = $"random_seed:{budget.Seed & int.MaxValue} use_hard_precedences_in_cumulative:true";
        return budget.Work is { } work
            ? string.Create(CultureInfo.InvariantCulture, $"{parameters} num_workers:1 interleave_search:true max_deterministic_time:{work * SolverSecondsOfWork}")
            : $"{parameters} num_workers:{budget.Workers}";
    }
}
