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
    public string Name => "local-search";

    public bool IsExact => false;

    public bool Suits(Problem problem) => problem.Microbatches * problem.Stages > 1;

    public void Run(SearchBoard board, SearchBudget budget, CancellationToken cancellation) => new Walk(this, board, budget, cancellation).Run();

    private sealed class Walk
    {
        private const long OperationsPerUnit = 1000;
        private const int LeastPolicyTries = 150;
        private const int MostPolicyTries = 1200;
        private const int KernelTries = 3000;
        private const int FruitlessCompactions = 60;
        private const int FruitlessWindows = 25;
        private const double Promising = 1.004;

        private readonly LocalSearch _method;
        private readonly SearchBoard _board;
        private readonly SearchBudget _budget;
        private readonly CancellationToken _cancellation;
        private readonly Random _random;
        private readonly SearchGraph _graph;
        private readonly OrderImprovement _improvement;
        private readonly ListScheduler _lists;
        private readonly ListPolicies _policies;
        private readonly Arrangement _best;
        private readonly Arrangement _current;
        private readonly Arrangement _trial;
        private long _searched;
        private int _compactions;

        public Walk(LocalSearch method, SearchBoard board, SearchBudget budget, CancellationToken cancellation)
        {
            (_method, _board, _budget, _cancellation) = (method, board, budget, cancellation);
            _random = new Random(budget.Seed);
            _graph = SearchGraph.Of(board.Graph);
            _improvement = new OrderImprovement(board.Graph, _graph, _random);
            _lists = new ListScheduler(_graph);
            _policies = new ListPolicies(board.Problem, _graph);
            (_best, _current, _trial) = (new Arrangement(_graph), new Arrangement(_graph), new Arrangement(_graph));
        }

        public void Run()
        {
            StartFromBoard();
            Improve();
            for (var round = 0; !IsOver; round++)
            {
                Start(round);
                Improve();
            }
        }

        private bool IsOver => _cancellation.IsCancellationRequested
            || (_budget.Work is { } work && _improvement.Visited + _searched >= work * OperationsPerUnit);

        private void StartFromBoard()
        {
            Take(_board.OrdersOf(_board.Best));
            _best.Take(_current);
        }

        private void Take(int[][] orders)
        {
            for (var lane = 0; lane < orders.Length; lane++) orders[lane].CopyTo(_current.Orders[lane], 0);
            _improvement.Retime(_current);
        }

        private void Start(int round)
        {
            switch (round % 6)
            {
                case 0 or 4:
                    StartFromKernel(round);
                    break;
                case 1 or 3:
                    StartFromPolicies();
                    break;
                default:
                    Shake();
                    break;
            }
        }

        /// <summary>The first kernel is that of one microbatch; later ones hold up to four.</summary>
        private void StartFromKernel(int round)
        {
            var microbatches = Math.Min(_board.Problem.Microbatches, round == 0 ? 1 : _random.Next(1, 5));
            var kernels = new KernelSearch(_graph, microbatches, _random);
            var orders = kernels.Run(KernelTries, () => IsOver);
            _searched += 4 * kernels.Placed;
            if (orders is null) Shake();
            else Take(orders);
        }

        private void StartFromPolicies()
        {
            var windows = LaneWindows.Earliest(_board.Problem, _graph);
            var (policy, cost) = (_policies.Standard().First(), long.MaxValue);
            foreach (var standard in _policies.Standard())
            {
                if (IsOver) return;
                if (Cost(standard, windows) is not { } found || found >= cost) continue;
                (policy, cost) = (standard, found);
            }

            var (best, leastCost) = (policy, cost);
            var tries = _random.Next(LeastPolicyTries, MostPolicyTries);
            for (var tried = 0; tried < tries && !IsOver; tried++)
            {
                var varied = _policies.Vary(policy, _random);
                var temperature = 0.01 * cost * (tries - tried) / tries;
                if (Cost(varied, windows) is not { } found || found > cost - temperature * Math.Log(1 - _random.NextDouble())) continue;
                (policy, cost) = (varied, found);
                if (cost < leastCost) (best, leastCost) = (policy, cost);
            }

            if (Cost(best, windows) is not { } final) return;
            _current.Take(_lists.Orders, _lists.Starts, final);
            _improvement.Retime(_current);
        }

        private long? Cost(ListPolicy policy, LaneWindows windows)
        {
            _searched += 4L * _graph.Count;
            return _lists.Run(policy, windows);
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
                if (_trial.Cost < _current.Cost) fruitless = -1;
                if (_trial.Cost <= _current.Cost) _current.Take(_trial);
            }

            Keep();
            // Annealing gains less than compaction, so it is spent on orders that may become the best.
            if (_current.Cost > _best.Cost * Promising) return;
            for (var fruitless = 0; fruitless < FruitlessWindows && !IsOver; fruitless++)
            {
                var before = _current.Cost;
                _improvement.AnnealWindow(_current, heat: 0.5);
                if (_current.Cost < before) fruitless = -1;
            }

            Keep();
        }

        /// <summary>Remembers the current order if it is the best of this walk, and offers it to the board if it is the best of all.</summary>
        private void Keep()
        {
            _improvement.Retime(_current);
            if (_current.Cost < _best.Cost) _best.Take(_current);
            if (_current.Cost < _board.Best.Objective) _board.Offer(_current.Orders, _method.Name);
        }
    }
}
