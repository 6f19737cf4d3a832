using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Periodic;

namespace ScheduleSearch.Solver.Exact.Periodic;

/// <summary>
/// Repeats a kernel of a few microbatches whose period CP-SAT has shortened: the repeated order is tightened, then its warm-up and its
/// cool-down are annealed while what lies between stays. The model's size does not depend on the number of microbatches.
/// </summary>
/// <remarks>
/// That no kernel of a size is shorter says nothing of schedules that do not repeat, so what CP-SAT proves here is not a bound. Worth its time
/// where a pipeline of many stages turns back on a device, as the V does, with many microbatches; elsewhere compaction is as good and quicker.
/// </remarks>
internal sealed class PeriodicMethod : ISearchMethod
{
    private const string MethodName = "periodic-cp-sat";
    private const int MostMicrobatches = 4;
    private const int FewestStages = 24;
    private const int FewestRoundTrips = 4;

    public string Name => MethodName;

    public SearchAim Aim => SearchAim.Constructions;

    public FeatureSet Covers { get; } = [.. GraphCoverage.CoveredWhole, .. FeatureCatalogue.Permitted];

    public bool Suits(Problem problem) => problem.Stages >= FewestStages
        && Enumerable.Range(1, problem.Stages - 1)
            .Any(stage => problem.Placement.DeviceOf(0, stage) == problem.Placement.DeviceOf(0, stage - 1))
        && problem.Microbatches >= FewestRoundTrips * problem.Devices
        && Enumerable.Range(0, problem.Devices).Any(device => HoldsLessThanOneForwardOneBackward(problem, device));

    public void Run(SearchBoard board, SearchBudget budget, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, board.Done);
        new Repetition(board, budget, stop.Token).Run();
    }

    private static bool HoldsLessThanOneForwardOneBackward(Problem problem, int device) =>
        problem.LimitOf(device) / problem.Devices < problem.Placement.StagesOn(device).Sum(stage => problem.Activation[stage.Stage]);

    private sealed class Repetition
    {
        private const long OperationsPerUnit = 1000;

        /// <summary>Work on one size of kernel: about a second of CP-SAT.</summary>
        private const long WorkOnKernel = 5_000_000;

        private const int FruitlessWindows = 40;
        private const double Heat = 0.02;

        private readonly SearchBoard _board;
        private readonly SearchBudget _budget;
        private readonly CancellationToken _stop;
        private readonly Random _random;
        private readonly SearchGraph _graph;
        private readonly KernelShortening _shortening;
        private readonly OrderImprovement _improvement;
        private readonly Arrangement _best;
        private readonly Arrangement _current;

        public Repetition(SearchBoard board, SearchBudget budget, CancellationToken stop)
        {
            (_board, _budget, _stop) = (board, budget, stop);
            _random = new Random(budget.Seed);
            _graph = board.Flat;
            _shortening = new KernelShortening(_graph, budget, stop);
            _improvement = new OrderImprovement(board.Graph, _graph, _random);
            (_best, _current) = (new Arrangement(_graph), new Arrangement(_graph));
        }

        private long Work => _shortening.Work + _improvement.Visited / OperationsPerUnit;

        private bool IsOver => _stop.IsCancellationRequested || Work >= _budget.Work;

        public void Run()
        {
            var sizes = Math.Min(MostMicrobatches, _board.Problem.Microbatches);
            for (var microbatches = sizes; microbatches >= 1 && !IsOver; microbatches--)
            {
                var allowance = _budget.Work is { } work ? Math.Max(1, (work - Work) / (microbatches + 1)) : WorkOnKernel;
                if (_shortening.Run(microbatches, Math.Min(WorkOnKernel, allowance)) is { } kernel) Repeat(kernel.Shape, kernel.Times);
            }

            if (_best.Cost == long.MaxValue) return;
            _current.Take(_best);
            AnnealEnds();
        }

        /// <summary>A schedule may begin with any of the kernel's microbatches.</summary>
        private void Repeat(KernelShape shape, KernelTimes times)
        {
            var kernel = new Kernel(_graph, shape.Microbatches);
            for (var first = 0; first < shape.Microbatches && !IsOver; first++)
            {
                times.StartsFrom(first, shape).CopyTo(kernel.Starts, 0);
                var orders = kernel.Unroll(times.Period);
                // The model leaves open what comes first of two operations at one time when one of them takes none.
                if (!new Schedule(_board.Graph, orders).FitsMemory()) continue;
                _current.TakeOrders(orders);
                Keep();
                Tighten();
            }
        }

        private void Tighten()
        {
            _improvement.Settle(_current, () => IsOver);
            Keep();
        }

        private void AnnealEnds()
        {
            var perMicrobatch = _current.Cost / _board.Problem.Microbatches;
            var reach = Math.Min(_current.Cost / 2, 2 * _board.Problem.Devices * perMicrobatch);
            _improvement.Retime(_current);
            for (var fruitless = 0; fruitless < FruitlessWindows && !IsOver; fruitless++)
            {
                var before = _current.Cost;
                _improvement.AnnealEnds(_current, reach, Heat);
                if (_current.Cost < before) fruitless = -1;
            }

            Keep();
        }

        /// <summary>Remembers the current order if it is the best of this search, and offers it to the board if it is the best of all.</summary>
        private void Keep()
        {
            _improvement.Retime(_current);
            if (_current.Cost < _best.Cost) _best.Take(_current);
            if (_current.Cost < _board.Best.Objective) _board.Offer(_current.Orders, MethodName);
        }
    }
}
