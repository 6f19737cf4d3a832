using Google.OrTools.Sat;
using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Exact.Windows;

/// <summary>One run of CP-SAT on a window.</summary>
internal sealed class WindowSolve(WindowModel model, SearchGraph graph) : CpSatSolve(Settings, SecondsOfWork)
{
    /// <summary>
    /// Windows are small and many, so presolving is kept short: no probing, no symmetries. The rest is what proofs take.
    /// </summary>
    private const string Settings = $"{ForProof} cp_model_probing_level:0 symmetry_level:0";

    /// <summary>The solver's deterministic time that a unit of work buys: as much time as in the local search.</summary>
    private const double SecondsOfWork = 5e-6;

    /// <summary>Many times what a window takes that is not stuck: a second, and so many seconds for each of the solver's own.</summary>
    private const double LeastPatience = 1, Patience = 10;

    private SearchBudget _budget = new(Work: 0, Seed: 0, Workers: 1);
    private bool _isStuck;

    /// <summary>One search of its own: windows are too short for subsolvers to take turns.</summary>
    protected override string OneThread => "num_workers:1";

    /// <summary>Whether the order found is proved to be the best.</summary>
    public bool IsProved { get; private set; }

    /// <summary>A run that got stuck has spent all that it might, so that no walk goes on with such runs for long.</summary>
    public override long Work => _isStuck ? Math.Max(base.Work, _budget.Work ?? 0) : base.Work;

    /// <summary>The window's places in the best order that was found; null when none was.</summary>
    public int[]? Solve(SearchBudget budget, CancellationToken cancellation)
    {
        _budget = budget;
        var status = Solve(model.Model, budget, cancellation);
        _isStuck = MostSeconds(budget.Work.GetValueOrDefault() * SecondsOfWork) <= Solver.WallTime();
        IsProved = status == CpSolverStatus.Optimal;
        return status is CpSolverStatus.Optimal or CpSolverStatus.Feasible ? Sequence() : null;
    }

    protected override double? MostSeconds(double secondsOfLimit) => LeastPatience + Patience * secondsOfLimit;

    protected override void OnBound(double bound)
    {
    }

    protected override void OnSolution()
    {
    }

    /// <summary>
    /// Every lane by starts. At one time operations of no duration come first, in the order of the graph: one order of all operations
    /// that agrees with what they wait for, so lanes cannot wait for each other in a circle.
    /// </summary>
    private int[] Sequence()
    {
        var window = model.Window;
        return
        [
            .. Enumerable.Range(0, graph.LaneCount).SelectMany(lane => Enumerable.Range(window.First[lane], window.First[lane + 1] - window.First[lane])
                .OrderBy(place => (Solver.Value(model.Starts[place]), model.Steps.Duration[place] > 0, window.Operation[place]))),
        ];
    }
}
