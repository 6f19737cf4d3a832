using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Robust;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Search.Local;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Solver.Search.Robust;

/// <summary>
/// Improves a statistic of orders over the scenarios of a problem under noise: it starts from what is best at the means of the durations, from the best order
/// so far and from orders that warm up with more forwards, and anneals windows of the few best. Every order that it tries meets the same durations.
/// </summary>
/// <remarks>
/// Microbatches stay in turn on every stage: nothing tells them apart before they run, and an order that picks them by what they take in the scenarios
/// would be made for these alone.
/// </remarks>
internal sealed class RobustSearch : ISearchMethod
{
    private const string MethodName = "robust-search";

    public string Name => MethodName;

    public SearchAim Aim => SearchAim.Schedules;

    /// <inheritdoc/>
    public FeatureSet Covers { get; } = RobustFeature.Covered;

    public bool Suits(Problem problem) => problem.Robust is not null && problem.Microbatches * problem.Stages > 1;

    public void Run(SearchBoard board, SearchBudget budget, CancellationToken cancellation) => new Walk(board, budget, cancellation).Run();

    private sealed class Walk
    {
        private const long OperationsPerUnit = 1000;
        private const int EliteSize = 4;
        private const int WindowsPerDraw = 6;
        private const int OperationsPerLane = 16;
        private const int MovesPerOperation = 30;
        private const int LeastMoves = 1000;
        private const double Heat = 0.05;

        private readonly SearchBoard _board;
        private readonly SearchBudget _budget;
        private readonly CancellationToken _cancellation;
        private readonly Random _random;
        private readonly SearchGraph _graph;
        private readonly OrderImprovement _improvement;
        private readonly ScenarioReplay _replay;
        private readonly WindowAnnealer _annealer;
        private readonly Elite _elite;
        private readonly Arrangement _current;
        private readonly long[] _noTails;
        private readonly double _meanDuration;
        private Solution? _adopted;
        private long _replayed;

        public Walk(SearchBoard board, SearchBudget budget, CancellationToken cancellation)
        {
            (_board, _budget, _cancellation) = (board, budget, cancellation);
            (_random, _graph) = (new Random(budget.Seed), board.Flat);
            _improvement = new OrderImprovement(board.Graph, _graph, _random);
            _replay = new ScenarioReplay(_graph, board.Problem, board.Problem.Scenarios!.TimesOf(board.Graph));
            _annealer = new WindowAnnealer(_graph, window => new ScenarioPaths(_graph, window, _replay));
            (_elite, _current) = (new Elite(_graph, EliteSize), new Arrangement(_graph));
            (_noTails, _meanDuration) = (new long[_graph.Count], _graph.Duration.Average());
        }

        private bool IsOver => _cancellation.IsCancellationRequested || (_budget.Work is { } work && Visited >= work * OperationsPerUnit);

        private long Visited => _improvement.Visited + _annealer.Visited + _replayed;

        public void Run()
        {
            foreach (var orders in _board.Starts) Take(orders);
            foreach (var schedule in WarmUpOrders.Of(_board.Problem)) Take(_board.OrdersOf(schedule));
            while (!IsOver)
            {
                var best = _board.BestOfGraph;
                if (best != _adopted)
                {
                    _adopted = best;
                    Take(_board.OrdersOf(best));
                }

                if (_elite.Draw(_random) is { } member) Anneal(member);
                else Shake();
            }
        }

        private void Take(int[][] orders)
        {
            _current.TakeOrders(orders);
            Judge(_current);
            _elite.Add(_current);
        }

        private void Anneal(Elite.Member member)
        {
            Judge(member.Order);
            var before = member.Order.Cost;
            for (var window = 0; window < WindowsPerDraw && !IsOver; window++)
            {
                var length = (long)(OperationsPerLane * _meanDuration * (0.3 + 1.7 * _random.NextDouble()));
                var begin = (long)(_random.NextDouble() * (LengthOf(member.Order) + length)) - length;
                var moves = Math.Max(LeastMoves, MovesPerOperation * OperationsPerLane * _graph.DeviceCount);
                var temperature = Heat * _random.NextDouble() * _meanDuration;
                _annealer.Run(member.Order, _noTails, _improvement.Dates, (begin, begin + length), moves, temperature, _random);
                Judge(member.Order);
            }

            member.Fruitless = member.Order.Cost < before ? 0 : member.Fruitless + 1;
            _elite.Sort();
        }

        /// <summary>Goes on from the best order, tightened at the profile's durations with tolerances that lead elsewhere.</summary>
        private void Shake()
        {
            _current.Take(_elite.Best!);
            _improvement.Retime(_current);
            for (var pass = _random.Next(1, 4); pass > 0; pass--) _improvement.Compact(_current, tolerance: _random.NextDouble());
            Judge(_current);
            _elite.Replace(_current);
        }

        /// <summary>Gives an order its times as planned, by which windows are cut, and its cost over the scenarios; offers it if that is best.</summary>
        private void Judge(Arrangement order)
        {
            _improvement.Retime(order);
            order.Cost = _replay.Run(order.Orders, _improvement.Dates) ?? throw new InvalidOperationException("An improved order deadlocks.");
            _replayed += _graph.Count;
            if (_replay.Value < _board.BestOfGraph.Objective) _board.Offer(order.Orders, MethodName);
        }

        private long LengthOf(Arrangement order) => order.Orders.Max(lane => lane is [.., var last] ? order.Starts[last] + _graph.Duration[last] : 0);
    }
}
