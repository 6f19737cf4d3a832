using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.TwoPipes;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Search.Constructions;

namespace ScheduleSearch.Solver.Search.Local;

/// <summary>
/// Searches orders from many constructions, none of which is best for every shape: schedules of fewer microbatches extended, building blocks, kernels
/// that repeat, a list scheduler whose policy is annealed, and the best order shaken. Compaction tightens each; windows of the few best
/// orders are then annealed for as long as
/// that gains.
/// </summary>
/// <remarks>
/// Annealing windows gets up to half of the work while it gains. On few devices it soon ends at an order that no window improves; then new
/// constructions get the work.
/// </remarks>
internal sealed class LocalSearch : ISearchMethod
{
    private const string MethodName = "local-search";

    public string Name => MethodName;

    public SearchAim Aim => SearchAim.Schedules;

    /// <inheritdoc/>
    public FeatureSet Covers { get; } =
        [TwoPipesFeature.Id, .. GraphCoverage.CoveredOnLanes, .. GraphCoverage.CoveredInOneForm, .. FeatureCatalogue.Permitted];

    public bool Suits(Problem problem) => problem.Microbatches * problem.Stages > 1;

    public void Run(SearchBoard board, SearchBudget budget, CancellationToken cancellation) => new Walk(board, budget, cancellation).Run();

    private sealed class Walk
    {
        private const long OperationsPerUnit = 1000;
        private const int EliteSize = 3;
        private const int WindowsPerDraw = 20;
        private const int CompactionsPerDraw = 10;
        private const double Heat = 0.02;
        private const double PartForConstructions = 0.5;

        private readonly SearchBoard _board;
        private readonly SearchBudget _budget;
        private readonly CancellationToken _cancellation;
        private readonly Random _random;
        private readonly OrderImprovement _improvement;
        private readonly ConstructionChoice _constructions;
        private readonly Elite _elite;
        private readonly Arrangement _current;
        private long _annealed;

        public Walk(SearchBoard board, SearchBudget budget, CancellationToken cancellation)
        {
            (_board, _budget, _cancellation) = (board, budget, cancellation);
            _random = new Random(budget.Seed);
            var graph = board.Flat;
            _improvement = new OrderImprovement(board.Graph, graph, _random);
            _constructions = new ConstructionChoice(board.Graph, graph, _random, () => IsOver);
            _elite = new Elite(graph, EliteSize);
            _current = new Arrangement(graph);
        }

        public void Run()
        {
            while (!IsOver)
            {
                if (_elite.Best is not { } best || _board.BestOfGraph.Objective < best.Cost) Adopt();
                var next = _annealed < (1 - PartForConstructions) * Visited ? _elite.Draw(_random) : null;
                if (next is null) Construct();
                else Anneal(next);
            }
        }

        private bool IsOver => _cancellation.IsCancellationRequested
            || (_budget.Work is { } work && Visited >= work * OperationsPerUnit);

        private long Visited => _improvement.Visited + _constructions.Visited;

        /// <summary>Goes on from an order that another method or thread found.</summary>
        private void Adopt()
        {
            _current.TakeOrders(_board.OrdersOf(_board.BestOfGraph));
            Tighten();
        }

        private void Construct()
        {
            var kind = _constructions.Next();
            if (_constructions.Make(kind) is { } orders) _current.TakeOrders(orders);
            else Shake();
            Tighten();
            _constructions.Judge(kind, _current.Cost);
        }

        private void Shake()
        {
            _current.Take(_elite.Best!);
            _improvement.Retime(_current);
            for (var pass = _random.Next(1, 4); pass > 0; pass--) _improvement.Compact(_current, tolerance: 1);
        }

        /// <summary>Compacts the current order until that gains nothing, and keeps it if it is among the best.</summary>
        private void Tighten()
        {
            Offer(_current);
            _improvement.Settle(_current, () => IsOver);
            Offer(_current);
            _elite.Add(_current);
        }

        private void Anneal(Elite.Member member)
        {
            var (before, work) = (member.Order.Cost, _improvement.Visited);
            _improvement.Retime(member.Order);
            for (var windows = 0; windows < WindowsPerDraw && !IsOver; windows++) _improvement.AnnealWindow(member.Order, Heat);
            for (var pass = 0; pass < CompactionsPerDraw && !IsOver; pass++) _improvement.Tighten(member.Order);
            Offer(member.Order);
            _annealed += _improvement.Visited - work;
            member.Fruitless = member.Order.Cost < before ? 0 : member.Fruitless + 1;
            _elite.Sort();
        }

        /// <summary>Replays an order and offers it to the board if it is the best of all.</summary>
        private void Offer(Arrangement order)
        {
            _improvement.Retime(order);
            if (order.Cost < _board.BestOfGraph.Objective) _board.Offer(order.Orders, MethodName);
        }
    }
}
