using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Periodic;

namespace ScheduleSearch.Solver.Exact.Periodic;

/// <summary>
/// Looks for kernels of short periods: anneals one, shortens it by CP-SAT with its rounds given, then asks for a period a little
/// shorter with any rounds, in turn.
/// </summary>
/// <param name="graph">The operations.</param>
/// <param name="budget">What all runs may spend.</param>
/// <param name="stop">Ends them.</param>
internal sealed class KernelShortening(SearchGraph graph, SearchBudget budget, CancellationToken stop)
{
    /// <summary>Steps of a period: rounding up costs next to nothing, and the model's sums stay far below what CP-SAT can hold.</summary>
    private const long StepsOfPeriod = 1L << 15;

    private const int KernelTries = 3000;
    private const long PlacedPerUnit = 250;
    private const double Shorter = 0.995;

    /// <summary>How much longer a period may be when times are rounded up.</summary>
    private const double Slack = 1.01;

    private readonly Random _random = new(budget.Seed);

    /// <summary>Units of work spent so far.</summary>
    public long Work { get; private set; }

    /// <summary>The kernel of the shortest period found for so many microbatches, with its items; null when none fits.</summary>
    /// <param name="microbatches">So many.</param>
    /// <param name="allowance">The most work to spend on it.</param>
    public (KernelShape Shape, KernelTimes Times)? Run(int microbatches, long allowance)
    {
        var most = Work + allowance;
        var kernels = new KernelSearch(graph, microbatches, _random);
        var before = Work;
        kernels.Run(KernelTries, () => stop.IsCancellationRequested || before + kernels.Placed / PlacedPerUnit >= most);
        Work += kernels.Placed / PlacedPerUnit;
        if (kernels.Period is not { } period) return null;
        var shape = new KernelShape(graph, microbatches, Math.Max(1, period / StepsOfPeriod));
        var best = KernelTimes.Of(shape, period, kernels.Starts);
        var hint = best;
        if (best.Rounds.Max() > shape.MostRounds) return (shape, best);
        while (Shorten(KernelModel.Shortest(shape, hint, (long)(hint.Period * Slack)), most) is { } shorter)
        {
            best = shorter;
            var next = Math.Max(shape.LeastPeriod, (long)(best.Period * Shorter));
            if (next >= best.Period || Shorten(KernelModel.OfPeriod(shape, next, best), most) is not { } freed) break;
            best = hint = freed;
        }

        return (shape, best);
    }

    /// <summary>One run with half of what is left.</summary>
    private KernelTimes? Shorten(KernelModel model, long most)
    {
        if (Work >= most || stop.IsCancellationRequested) return null;
        using var run = new KernelRun(model);
        var found = run.Solve(budget with { Work = Math.Max(1, (most - Work) / 2) }, stop);
        Work += run.Work;
        return found;
    }
}
