using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Growth;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Constructions;

namespace ScheduleSearch.Solver.Bounds;

/// <summary>
/// Small exact problems that add up: the least time between the first starts of two microbatches, and the least makespan of a few
/// microbatches alone, on one device, on some adjacent ones, or on all. Holds for one pipe, any placement, microbatches of equal cost.
/// </summary>
/// <remarks>
/// <para>
/// Take any schedule of m microbatches. Those of each stage and kind cost the same, so they can be renumbered in the order in which they
/// run; the k-th end of a chain still comes before the k-th start of the one that waits for it (at least k of those that wait have started
/// by then, each after another end), no operation moves, and every device's memory is what it was, what backwards take
/// of it included. Now forget all microbatches but i..j: what is left meets every dependency, overlaps nowhere, and never holds more memory,
/// as each forgotten microbatch holds none or some at any time. So it is a schedule of j - i + 1 microbatches alone, and whatever holds for
/// all schedules of so many holds for it.
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
/// its own: in the least span of k microbatches alone other devices begin later than they do in the least span of m. The span of the
/// first device is one, which is what <see cref="FirstDevice"/> is for.
/// </para>
/// <para>
/// Each of these problems may be solved on a <see cref="DeviceGroup"/>, where its least value is a lower bound of that on all devices. A
/// stays with the first device: when memory is full, the next microbatch waits there for a round trip, which is a way through all stages.
/// </para>
/// </remarks>
internal sealed class WindowBound : ISearchMethod
{
    public const string BoundName = "window-bound";

    /// <summary>With more operations the solver proves little in minutes and may go on for seconds after it is stopped.</summary>
    private const int MostOperations = 800;

    /// <summary>More sizes would cost more than they help each other.</summary>
    private const int MostSizes = 16;

    /// <summary>Longer turns than the third one's are for those that have proved something.</summary>
    private const int Patience = 2;

    /// <summary>A round that raises the bound by less than this part has proved nothing.</summary>
    private const int LeastGain = 10_000;

    public string Name => BoundName;

    public FeatureSet Covers { get; } = [GrowthFeature.Id];

    public SearchAim Aim => SearchAim.Bounds;

    public bool Suits(Problem problem)
    {
        if (Window(problem) == problem.Microbatches) return false;
        if (problem.Stages == problem.Devices) return true;
        // With several chunks a device small problems tell more only where a round trip of all that fit takes longer than their work.
        return problem.Objective == Objective.Makespan
            && BoundCatalogue.Best(problem.WithMicrobatches(1)).Ticks > Window(problem) * WorkOfBusiestDevice(problem);
    }

    /// <summary>
    /// Groups of devices from one to all, and for each group sizes from a few microbatches to all, each for a turn, which doubles
    /// from round to round: which group proves most, and up to which size, differs from problem to problem.
    /// </summary>
    public void Run(SearchBoard board, SearchBudget budget, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, board.Done);
        if (board.Problem.Objective == Objective.Span) RunOnFirstDevice(board, budget, stop.Token);
        else RunOnGroups(board, budget, stop.Token);
    }

    private void RunOnFirstDevice(SearchBoard board, SearchBudget budget, CancellationToken cancellation)
    {
        if (FirstDevice.Of(board.Problem) is not { } device) return;
        using var alone = new SearchBoard(QuickPass.Solve(device), targetGap: 0, solution => board.Offer(
            new ProvedBound(board.Problem.TimeScale.ToTicks(device.TimeScale.FromTicks(solution.Bound.Ticks)), DeviceGroup.OneDevice)));
        Run(alone, budget, cancellation);
    }

    private static void RunOnGroups(SearchBoard board, SearchBudget budget, CancellationToken stop)
    {
        var times = new WindowTimes(board.Problem);
        var search = new WindowSearch(times, budget, stop);
        var groups = DeviceGroup.Of(board.Problem);
        search.SolveBetween(Window(board.Problem), groups[0]);
        board.Offer(new ProvedBound(times.Alone(board.Problem.Microbatches), groups[0].BoundName));
        var ladders = groups.Select(group => new Ladder(board, times, search, group)).ToList();
        for (var proved = 0L; !search.IsOver && ladders.Exists(ladder => !ladder.IsDone); search.Doublings++)
        {
            if (search.Doublings > Patience && board.Best.Bound.Ticks - proved < proved / LeastGain) return;
            proved = board.Best.Bound.Ticks;
            foreach (var ladder in ladders) ladder.Climb();
        }
    }

    private static long WorkOfBusiestDevice(Problem problem) => Enumerable.Range(0, problem.Devices).Max(device => problem.WorkOnDevice(device, [1]));

    /// <summary>Microbatches whose activations fit on the first stage's device together; all where memory has room for them.</summary>
    private static int Window(Problem problem)
    {
        var (activation, limit) = (problem.Activation[0], problem.LimitOf(problem.Placement.DeviceOf(0, 0)));
        return activation == 0 ? problem.Microbatches : (int)Math.Clamp(limit / activation, 1, problem.Microbatches);
    }

    /// <summary>The problems of one group, from few microbatches to all; what is not a whole number of windows is left to the first.</summary>
    private sealed class Ladder
    {
        private readonly SearchBoard _board;
        private readonly WindowTimes _times;
        private readonly WindowSearch _search;
        private readonly DeviceGroup _group;
        private readonly int _stride;
        private readonly Queue<int> _sizes;

        public Ladder(SearchBoard board, WindowTimes times, WindowSearch search, DeviceGroup group)
        {
            (_board, _times, _search, _group) = (board, times, search, group);
            var (all, window) = (board.Problem.Microbatches, Window(board.Problem));
            _stride = window * (1 + all / window / MostSizes);
            _sizes = new(Enumerable.Range(0, all / _stride + 1).Select(strides => all % _stride + strides * _stride).Where(size => size > 0 && IsSmall(size)));
        }

        public bool IsDone => _sizes.Count == 0;

        /// <summary>Solves one problem after the other, up to the first that its turn does not close.</summary>
        public void Climb()
        {
            while (!_search.IsOver && _sizes.TryPeek(out var size))
            {
                var closed = size == _board.Problem.Microbatches ? _search.Close(_board, _group) : _search.SolveAlone(size, _group, Offer);
                if (!closed) return;
                _sizes.Dequeue();
                // The group's steady state has no conflict to see: what follows is a sum.
                if (size > _stride && _times.Alone(size) == _times.Alone(size - _stride) + _times.Between(_stride)) _sizes.Clear();
            }
        }

        private bool IsSmall(int microbatches) => 3L * _group.StagesOf(_board.Problem) * microbatches <= MostOperations;

        private void Offer() => _board.Offer(new ProvedBound(_times.Alone(_board.Problem.Microbatches), _group.BoundName));
    }
}
