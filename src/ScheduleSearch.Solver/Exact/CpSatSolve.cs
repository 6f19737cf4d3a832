using System.Globalization;
using Google.OrTools.Sat;
using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Exact;

/// <summary>One run of CP-SAT on a model: tells of solutions and bounds as they come, and ends within a fraction of a second when it is asked to.</summary>
/// <param name="settings">CP-SAT parameters beside those of the budget.</param>
/// <param name="secondsOfWork">The solver's deterministic time that a unit of work buys: it counts a small part of what whole problems cost.</param>
internal abstract class CpSatSolve(string settings, double secondsOfWork = 2e-8) : SolutionCallback
{
    /// <summary>
    /// Settings for a proof with one worker: orders of pairs that are found early count on a device at once, and nothing is left to linear
    /// relaxations, which say little about time.
    /// </summary>
    public const string ForProof =
        "linearization_level:0 use_dynamic_precedence_in_disjunctive:true use_strong_propagation_in_disjunctive:true";

    private static readonly TimeSpan StopInterval = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private Exception? _failure;

    protected CpSolver Solver { get; } = new();

    /// <summary>How a run with a work limit uses its one thread: by default the solver's subsolvers take turns on it.</summary>
    protected virtual string OneThread => "num_workers:1 interleave_search:true";

    /// <summary>
    /// The seconds after which a run with a work limit ends whatever work it has done; null where only work counts. Some of the solver's branching goes in
    /// circles, which is no work in its own measure.
    /// </summary>
    protected virtual double? MostSeconds(double secondsOfLimit) => null;

    /// <summary>Units of work that the run has spent.</summary>
    public virtual long Work => (long)Math.Ceiling((Solver.Response?.DeterministicTime ?? 0) / secondsOfWork);

    /// <summary>The objective cannot be below this.</summary>
    protected abstract void OnBound(double bound);

    /// <summary>There is a solution: the callback's values are its own.</summary>
    protected abstract void OnSolution();

    /// <inheritdoc/>
    public override void OnSolutionCallback() => Guarded(OnSolution);

    /// <summary>Solves a model until it is closed, the budget is spent, or a stop is asked for.</summary>
    protected CpSolverStatus Solve(CpModel model, SearchBudget budget, CancellationToken cancellation)
    {
        if (model.Validate() is { Length: > 0 } fault) throw new InvalidOperationException($"The CP-SAT model is invalid: {fault}");
        Solver.StringParameters = Parameters(budget);
        Solver.SetBestBoundCallback(bound => Guarded(() => OnBound(bound)));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stop.Token);
        if (stop.IsCancellationRequested) return CpSolverStatus.Unknown;
        using var ended = new ManualResetEventSlim();
        var stopper = new Thread(() => StopWhenAsked(ended, stop.Token)) { IsBackground = true };
        stopper.Start();
        CpSolverStatus status;
        try
        {
            status = Solver.Solve(model, this);
        }
        finally
        {
            ended.Set();
            stopper.Join();
        }

        if (_failure is not null) throw _failure;
        if (status == CpSolverStatus.ModelInvalid) throw new InvalidOperationException($"CP-SAT rejects the model: {Solver.ResponseStats()}");
        return status;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Solver.Dispose();
            _stop.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>An exception that leaves a callback would end the process: it is kept for the end of the run.</summary>
    private void Guarded(Action callback)
    {
        try
        {
            callback();
        }
#pragma warning disable CA1031 // Whatever it is, it must not pass through native code; it is thrown again after it.
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
        while (!ended.Wait(StopInterval, CancellationToken.None)) Solver.StopSearch();
    }

    /// <summary>With a work limit there is one thread, so that the number of threads makes no difference.</summary>
    private string Parameters(SearchBudget budget)
    {
        var parameters = $"random_seed:{budget.Seed & int.MaxValue} use_hard_precedences_in_cumulative:true {settings}";
        if (budget.Work is not { } work) return $"{parameters} num_workers:{budget.Workers}";
        var limit = work * secondsOfWork;
        var clock = MostSeconds(limit) is { } most ? string.Create(CultureInfo.InvariantCulture, $" max_time_in_seconds:{most}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{parameters} {OneThread} max_deterministic_time:{limit}{clock}");
    }
}
