using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Bounds;

/// <summary>
/// Small exact problems that add up: the least time between the first starts of two microbatches, and the least makespan of a few
/// microbatches alone. Holds for the makespan of one pipe, any placement, microbatches of equal cost.
/// </summary>
/// <remarks>
/// <para>
/// Take any schedule of m microbatches. Those of each stage and kind cost the same, so they can be renumbered in the order in which they
/// run; the k-th end of a chain still comes before the k-th start of the one that waits for it (at least k of those that wait have started
/// by then, each behind another end), no operation moves, and every device's memory is what it was. Now forget all microbatches but
/// i..j: what is left meets every dependency, overlaps nowhere, and never holds more memory, as each forgotten microbatch holds none or
/// some at any time. So it is a schedule of j - i + 1 microbatches alone, and whatever holds for all schedules of so many holds for it.
/// </para>
/// <para>
/// Let s(i) be the start of the first stage's forward on microbatch i, which is also the first start of microbatches i and later.
/// A(n), the least s(n) of schedules of microbatches 0..n, is then at most s(i + n) - s(i) for every i; and M(k), the least makespan of k
/// microbatches alone, is at most the end of the schedule less s(m - k). Both add up along s(0), s(n), s(2n) .. s(m - k):
/// makespan >= A(n1) + A(n2) + .. + M(k) when n1 + n2 + .. = m - k. Lower bounds of A and M serve as well as their values.
/// The same sums are cuts in the next larger problem: s(j) - s(i) against A's, and end - s(i) against M.
/// </para>
/// <para>
/// The reference is the first stage's forward because nothing of later microbatches comes before it; a window begins with an empty pipeline,
/// so it is longest for as many microbatches as fill the memory: then the next one waits for a whole round trip. What is left of the
/// microbatches is best left to M, which alone sees how microbatches in flight hinder each other: M(k) grows faster than A.
/// </para>
/// <para>
/// The span is no sum of this kind. s(i) and the end are times of different devices, and each device's span begins with a first start of
/// its own: in the least span of k microbatches alone other devices begin later than they do in the least span of m.
/// </para>
/// </remarks>
internal sealed class WindowBound : ISearchMethod
{
    public const string BoundName = "window-bound";

    /// <summary>With more operations the solver proves little in minutes and may go on for seconds after it is stopped.</summary>
    private const int MostOperations = 800;

    public string Name => BoundName;

    public SearchAim Aim => SearchAim.Bounds;

    /// <summary>Whether the proof covers a problem.</summary>
    public static bool Holds(Problem problem) => problem.Objective == Objective.Makespan && problem.Placement.Pipes == 1;

    public bool Suits(Problem problem)
    {
        if (!Holds(problem) || Fitting(problem) is not { } fitting || problem.Microbatches <= 2 * fitting) return false;
        if (problem.Stages > problem.Devices && !IsSmall(problem, 2 * fitting)) return false;
        // Memory, not work, sets the pace: a round trip of all that fit takes longer than their work.
        return new WindowTimes(problem).Smaller(1) is { } single && BoundCatalogue.Best(single).Ticks > fitting * WorkOfBusiestDevice(problem);
    }

    public void Run(SearchBoard board, SearchBudget budget, CancellationToken cancellation)
    {
        if (Fitting(board.Problem) is not { } window) return;
        var (times, all) = (new WindowTimes(board.Problem), board.Problem.Microbatches);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, board.Done);
        var search = new WindowSearch(times, budget, stop.Token);
        // What is not a whole number of windows is left to the microbatches alone.
        var sizes = Enumerable.Range(1, all / window - 1).Select(windows => windows * window + all % window).ToList();
        foreach (var alone in sizes.Take(2)) times.Smaller(alone);
        search.SolveBetweenOnFirstDevice(window);
        Offer();
        if (IsSmall(board.Problem, window + 1)) search.SolveBetween(window);
        Offer();
        foreach (var alone in sizes.TakeWhile(alone => !search.IsOver && IsSmall(board.Problem, alone))) search.SolveAlone(alone, Offer);
        if (IsSmall(board.Problem, all)) search.Close(board);

        void Offer() => board.Offer(new ProvedBound(times.Alone(all), Name));
    }

    private static long WorkOfBusiestDevice(Problem problem) => Enumerable.Range(0, problem.Devices).Max(device => problem.Placement.StagesOn(device)
        .Sum(stage => problem.Forward[stage.Stage] + problem.BackwardInput[stage.Stage] + problem.BackwardWeight[stage.Stage]));

    private static bool IsSmall(Problem problem, int microbatches) => 3L * problem.Stages * microbatches <= MostOperations;

    /// <summary>Microbatches whose activations fit on the first stage's device together; null when all do.</summary>
    private static int? Fitting(Problem problem)
    {
        var (activation, limit) = (problem.Activation[0], problem.LimitOf(problem.Placement.DeviceOf(0, 0)));
        return activation > 0 && limit / activation < problem.Microbatches ? (int)(limit / activation) : null;
    }
}
