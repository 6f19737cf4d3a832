using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.TwoPipes;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Exact.Windows;

/// <summary>
/// Solves parts of the best order exactly, one after the other, with the rest fixed: a stretch of time on all lanes, or a few lanes next to
/// each other. Windows grow while they are proved in time and shrink while they are not.
/// </summary>
internal sealed class CpSatWindows : ISearchMethod
{
    private const string MethodName = "cp-sat-windows";

    public string Name => MethodName;

    public SearchAim Aim => SearchAim.Schedules;

    public FeatureSet Covers { get; } = [TwoPipesFeature.Id, .. GraphCoverage.Covered, .. GraphCoverage.CoveredInOneForm, .. FeatureCatalogue.Permitted];

    public bool Suits(Problem problem) => problem.Microbatches * problem.Stages > 1;

    public void Run(SearchBoard board, SearchBudget budget, CancellationToken cancellation)
    {
        if (board.IsDone) return;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, board.Done);
        new Walk(board, budget, stop.Token).Run();
    }

    private sealed class Walk
    {
        private const long OperationsPerUnit = 1000;

        /// <summary>Building and presolving a model, for each of its operations.</summary>
        private const long UnitsPerOperation = 20;

        /// <summary>Solving a model, for each of its operations, at the most.</summary>
        private const long MostUnitsPerOperation = 200;

        private const double FirstSize = 150;
        private const double LeastSize = 60;
        private const double MostSize = 1000;
        private const double Growth = 1.1;

        /// <summary>One window in so many is of a few lanes.</summary>
        private const int LaneTurn = 4;

        private readonly SearchBoard _board;
        private readonly SearchBudget _budget;
        private readonly CancellationToken _cancellation;
        private readonly Random _random;
        private readonly SearchGraph _graph;
        private readonly TimeGrid _grid;
        private readonly Window _window;
        private readonly WindowChoice _choice;
        private readonly OrderImprovement _improvement;
        private readonly Arrangement _current;
        private readonly Arrangement _trial;
        private readonly double[] _sizes = [FirstSize, FirstSize];
        private long _solved;
        private bool _isOver;

        public Walk(SearchBoard board, SearchBudget budget, CancellationToken cancellation)
        {
            (_board, _budget, _cancellation) = (board, budget, cancellation);
            _random = new Random(budget.Seed);
            _graph = board.Flat;
            _grid = TimeGrid.For(board.Graph, 2 * board.Best.Objective);
            _window = new Window(_graph);
            _choice = new WindowChoice(_graph, _random);
            _improvement = new OrderImprovement(board.Graph, _graph, _random);
            (_current, _trial) = (new Arrangement(_graph), new Arrangement(_graph));
        }

        private long? Left => _budget.Work - _solved - _improvement.Visited / OperationsPerUnit;

        public void Run()
        {
            for (var turn = 0; !_isOver && !_cancellation.IsCancellationRequested; turn++)
            {
                if (_board.BestOfGraph.Objective < _current.Cost) Take(_board.OrdersOf(_board.BestOfGraph));
                Improve(ofLanes: turn % LaneTurn == LaneTurn - 1);
            }
        }

        private void Take(int[][] orders)
        {
            _current.TakeOrders(orders);
            _improvement.Retime(_current);
        }

        private void Improve(bool ofLanes)
        {
            ref var size = ref _sizes[ofLanes ? 1 : 0];
            var tails = _improvement.TailsOf(_current);
            var (begin, end, isFree) = _choice.Draw(_current, tails, ofLanes, Math.Min(MostSize, size * (0.5 + _random.NextDouble())), MostSize);
            _window.Cut(_current, tails, _improvement.Dates, begin, end);
            _solved += UnitsPerOperation * _window.Count;
            if (Left <= 0)
            {
                _isOver = true;
                return;
            }

            if (_window.Count < 2) return;
            var steps = new WindowSteps(_graph, _window, _grid, _current.Starts, _board.Problem.Objective == Objective.Span);
            using var solve = new WindowSolve(new WindowModel(_graph, _window, isFree, steps), _graph);
            var most = Math.Min(MostUnitsPerOperation * _window.Count, Left ?? long.MaxValue);
            var sequence = solve.Solve(new SearchBudget(most, _random.Next(), Workers: 1), _cancellation);
            _solved += solve.Work;
            var isBetter = sequence is not null && Keep(sequence);
            if (isBetter || _cancellation.IsCancellationRequested) return;
            // What is proved to be the best of everything leaves nothing to find; where the first stage has no backward, spans may go on after the horizon.
            var isOfAll = _window.Count == _graph.Count && !(steps.IsSpan && _graph.HasLoneForwards);
            _isOver = solve.IsProved && isOfAll && !ofLanes;
            size = Math.Clamp(solve.IsProved ? size * Growth : size / Growth, LeastSize, MostSize);
        }

        /// <summary>Replays a window's order in place of the present one and keeps it if it is not worse.</summary>
        /// <returns>Whether it is better.</returns>
        private bool Keep(int[] sequence)
        {
            _trial.Take(_current);
            _window.Restore(sequence, _trial);
            if (!new Schedule(_board.Graph, _trial.Orders).FitsMemory()) return false;
            var before = _current.Cost;
            _improvement.Retime(_trial);
            if (_trial.Cost <= before) _current.Take(_trial);
            // First starts are those of the order that was timed last.
            else _improvement.Retime(_current);
            if (_current.Cost < _board.BestOfGraph.Objective) _board.Offer(_current.Orders, MethodName);
            return _current.Cost < before;
        }
    }
}
