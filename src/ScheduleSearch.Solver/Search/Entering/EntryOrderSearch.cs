using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Microbatches;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Search.Local;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Solver.Search.Entering;

/// <summary>
/// Searches in which order unequal microbatches enter, and what each device then does: by turns the microbatches of the best schedule change places, each
/// device's order by place left as it is, and a local search improves that order for the microbatches at their places.
/// </summary>
internal sealed class EntryOrderSearch : ISearchMethod
{
    private const string MethodName = "entry-order";

    public string Name => MethodName;

    public SearchAim Aim => SearchAim.Schedules;

    /// <inheritdoc/>
    public FeatureSet Covers { get; } =
        [MicrobatchesFeature.Id, .. GraphCoverage.CoveredOnLanes, .. GraphCoverage.CoveredInOneForm, .. FeatureCatalogue.Permitted];

    public bool Suits(Problem problem) => problem.HasUnequalMicrobatches && problem.Microbatches * problem.Stages > 1;

    public void Run(SearchBoard board, SearchBudget budget, CancellationToken cancellation) => new Walk(board, budget, cancellation).Run();

    private sealed class Walk
    {
        private const long OperationsPerUnit = 1000;
        private const long LeastUnits = 2000;
        private const long MostUnits = 40_000;
        private const int SwapsPerMicrobatch = 40;
        private const double Heat = 0.005;

        private readonly SearchBoard _board;
        private readonly SearchBudget _budget;
        private readonly CancellationToken _cancellation;
        private readonly Random _random;
        private readonly LocalSearch _local = new();
        private readonly FinestOrders _finest;
        private long _units = LeastUnits;
        private long _visited;

        public Walk(SearchBoard board, SearchBudget budget, CancellationToken cancellation)
        {
            (_board, _budget, _cancellation) = (board, budget, cancellation);
            (_random, _finest) = (new Random(budget.Seed), new FinestOrders(board.Graph));
        }

        private bool IsOver => _cancellation.IsCancellationRequested || (_budget.Work is { } work && _visited >= work * OperationsPerUnit);

        public void Run()
        {
            for (var round = 0; !IsOver; round++)
            {
                var swapped = new Schedule(_board.Graph, Swap());
                if (!IsOver) Arrange(round % 2 == 0 ? _board.Best.Timeline.Schedule : swapped);
                _units = Math.Min(MostUnits, 3 * _units / 2);
            }
        }

        /// <summary>Anneals the places of the best schedule's microbatches; the orders that it ends with.</summary>
        private int[][] Swap()
        {
            var problem = _board.Problem;
            var orders = _finest.AsTheyAre(_board.Best.Timeline.Schedule);
            if (problem.Microbatches < 2) return orders;
            var cost = CostOf(orders);
            var tries = SwapsPerMicrobatch * problem.Microbatches;
            for (var tried = 0; tried < tries && !IsOver; tried++)
            {
                var (one, other) = (_random.Next(problem.Microbatches), _random.Next(problem.Microbatches));
                if (problem.AreAlike(one, other)) continue;
                var varied = Swapped(orders, one, other);
                var found = CostOf(varied);
                var temperature = Heat * cost * (tries - tried) / tries;
                if (found > cost - temperature * Math.Log(1 - _random.NextDouble()) || !new Schedule(_board.Graph, varied).FitsMemory()) continue;
                (orders, cost) = (varied, found);
                if (cost < _board.Best.Objective) _board.Offer(orders, MethodName);
            }

            return orders;
        }

        /// <summary>The orders with two microbatches in each other's place.</summary>
        private int[][] Swapped(int[][] orders, int one, int other)
        {
            var graph = _board.Graph;
            return [.. orders.Select(order => Array.ConvertAll(order, operation => graph.Operations[operation].Microbatch is var microbatch && microbatch == one
                ? Of(operation, other)
                : microbatch == other ? Of(operation, one) : operation))];

            int Of(int operation, int microbatch) =>
                graph.Operations[operation].Facts.IsOfMicrobatch
                    && graph.IndexOf(graph.Operations[operation] with { Microbatch = microbatch }) is >= 0 and var index ? index : operation;
        }

        private long CostOf(int[][] orders)
        {
            _visited += _board.Graph.Count;
            return ScheduleMetrics.Of(Replay.Run(new Schedule(_board.Graph, orders))).Objective;
        }

        /// <summary>A local search among the orders in which microbatches enter as they do in a schedule.</summary>
        private void Arrange(Schedule schedule)
        {
            var order = EntryOrder.Of(schedule);
            var inTurn = order.InTurn();
            using var board = new SearchBoard(
                InTurn(order.Forth(schedule, inTurn), inTurn),
                targetGap: 0,
                found =>
                {
                    if (found.Objective < _board.Best.Objective) _board.Offer(order.Back(found.Timeline.Schedule), MethodName);
                });
            _local.Run(board, new SearchBudget(_units, _random.Next(), Workers: 1), _cancellation);
            _visited += _units * OperationsPerUnit;
        }

        /// <summary>
        /// The schedule with the microbatches of every stage and kind in turn; where those do not fit memory, one microbatch after the other.
        /// </summary>
        private Solution InTurn(Schedule schedule, Problem problem)
        {
            var graph = OperationGraph.BuildOnLanes(problem, _board.Selection);
            var turned = new Schedule(graph, new FinestOrders(graph).InTurnIfValid(schedule));
            return Solution.Verified(turned, MethodName, _board.Best.Bound);
        }
    }
}
