using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Search.Periodic;

namespace ScheduleSearch.Solver.Search;

/// <summary>
/// Searches orders from many starts, none of which is best for every shape: kernels that repeat, and a list scheduler whose policy is
/// annealed. Compaction tightens a start, then windows of it are annealed. Every other round goes on from the best order instead, shaken
/// by compactions that may overrun their gaps.
/// </summary>
internal sealed class LocalSearch : ISearchMethod
{
    private const string MethodName = "local-search";

    public string Name => MethodName;

    public SearchAim Aim => SearchAim.Schedules;

    public bool Suits(Problem problem) => problem.Microbatches * problem.Stages > 1;

    public void Run(SearchBoard board, SearchBudget budget, CancellationToken cancellation) => new Walk(board, budget, cancellation).Run();

    private sealed class Walk
    {
        private const long OperationsPerUnit = 1000;
        private const int LeastPolicyTries = 150;
        private const int MostPolicyTries = 1200;
        private const int KernelTries = 3000;
        private const int MostKernelMicrobatches = 4;
        private const int FruitlessCompactions = 40;
        private const int FruitlessWindows = 25;
        private const double Worthwhile = 0.9998;
        private const double Promising = 1.004;
        private const double AnnealedShare = 0.5;

        private readonly SearchBoard _board;
        private readonly SearchBudget _budget;
        private readonly CancellationToken _cancellation;
        private readonly Random _random;
        private readonly SearchGraph _graph;
        private readonly OrderImprovement _improvement;
        private readonly PolicySearch _policies;
        private readonly Arrangement _best;
        private readonly Arrangement _current;
        private readonly Arrangement _trial;
        private long _searched;
        private long _annealed;
        private int _compactions;

        public Walk(SearchBoard board, SearchBudget budget, CancellationToken cancellation)
        {
            (_board, _budget, _cancellation) = (board, budget, cancellation);
            _random = new Random(budget.Seed);
            _graph = SearchGraph.Of(board.Graph);
            _improvement = new OrderImprovement(board.Graph, _graph, _random);
            _policies = new PolicySearch(board.Graph, _graph);
            (_best, _current, _trial) = (new Arrangement(_graph), new Arrangement(_graph), new Arrangement(_graph));
        }

        public void Run()
        {
            Take(_board.OrdersOf(_board.Best));
            Improve();
            for (var round = 0; !IsOver; round++)
            {
                Start(round);
                Improve();
            }
        }

        private bool IsOver => _cancellation.IsCancellationRequested
            || (_budget.Work is { } work && Visited >= work * OperationsPerUnit);

        private long Visited => _improvement.Visited + _searched;

        /// <summary>Makes orders the current ones. Their times follow when they are improved.</summary>
        private void Take(int[][] orders)
        {
            for (var lane = 0; lane < orders.Length; lane++) orders[lane].CopyTo(_current.Orders[lane], 0);
        }

        private void Start(int round)
        {
            switch (round % 6)
            {
                case 0 or 4:
                    StartFromPolicies();
                    break;
                case 2:
                    StartFromKernel();
                    break;
                default:
                    Shake();
                    break;
            }
        }

        private void StartFromKernel()
        {
            var microbatches = Math.Min(_board.Problem.Microbatches, _random.Next(1, MostKernelMicrobatches + 1));
            var kernels = new KernelSearch(_graph, microbatches, _random);
            var orders = kernels.Run(KernelTries, () => IsOver);
            _searched += 4 * kernels.Placed;
            if (orders is null) Shake();
            else Take(orders);
        }

        private void StartFromPolicies()
        {
            var before = _policies.Placed;
            var orders = _policies.Run(_random.Next(LeastPolicyTries, MostPolicyTries), _random, () => IsOver);
            _searched += 4 * (_policies.Placed - before);
            if (orders is null) Shake();
            else Take(orders);
        }

        private void Shake()
        {
            _current.Take(_best);
            _improvement.Retime(_current);
            for (var pass = _random.Next(1, 4); pass > 0; pass--) _improvement.Compact(_current, tolerance: 1);
        }

        private void Improve()
        {
            Keep();
            for (var fruitless = 0; fruitless < FruitlessCompactions && !IsOver; fruitless++)
            {
                _trial.Take(_current);
                _improvement.Compact(_trial, _compactions++ % 7 == 0 ? 0 : _random.NextDouble());
                if (_trial.Cost < _current.Cost * Worthwhile) fruitless = -1;
                if (_trial.Cost <= _current.Cost) _current.Take(_trial);
            }

            Keep();
            // Annealing gains less than other starts do on many devices, so it is spent on orders that may become the best, and in turn with starts.
            if (_current.Cost > _best.Cost * Promising) return;
            for (var fruitless = 0; fruitless < FruitlessWindows && !IsOver && _annealed <= AnnealedShare * Visited; fruitless++)
            {
                var (before, work) = (_current.Cost, _improvement.Visited);
                _improvement.AnnealWindow(_current, heat: 0.5);
                _annealed += _improvement.Visited - work;
                if (_current.Cost < before) fruitless = -1;
            }

            Keep();
        }

        /// <summary>Remembers the current order if it is the best of this walk, and offers it to the board if it is the best of all.</summary>
        private void Keep()
        {
            _improvement.Retime(_current);
            if (_current.Cost < _best.Cost) _best.Take(_current);
            if (_current.Cost < _board.Best.Objective) _board.Offer(_current.Orders, MethodName);
        }
    }
}
