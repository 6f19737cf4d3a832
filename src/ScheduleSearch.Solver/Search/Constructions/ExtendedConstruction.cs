using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.TwoPipes;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Search.Periodic;

namespace ScheduleSearch.Solver.Search.Constructions;

/// <summary>
/// Orders for many microbatches made from the search for few: a schedule of a few round trips is found, compacted and annealed, from call to
/// call the further, and extended by repeating its middle.
/// </summary>
internal sealed class ExtendedConstruction
{
    private const int RoundTrips = 3;
    private const int WorthwhileRoundTrips = 5;
    private const int PolicyTries = 300;
    private const int Compactions = 60;
    private const int Windows = 60;
    private const int WindowsPerCompaction = 2;
    private const double Heat = 0.02;

    private static readonly FeatureSet Covered = [TwoPipesFeature.Id, .. GraphCoverage.CoveredWhole, .. FeatureCatalogue.Permitted];

    private readonly Random _random;
    private readonly Extension _extension;
    private readonly OrderImprovement _improvement;
    private readonly BlockConstruction _blocks;
    private readonly PolicySearch _policies;
    private readonly LaneDates _dates;
    private readonly Arrangement _best;
    private readonly Arrangement _trial;
    private bool _isStarted;

    public ExtendedConstruction(OperationGraph operations, SearchGraph graph, Random random)
    {
        var problem = operations.Problem;
        var few = problem.WithMicrobatches(Extension.FewMicrobatches(RoundTrips * problem.Devices, problem.Microbatches));
        var fewOperations = OperationGraph.BuildOnLanes(few, OperationSelection.Finest(few));
        var fewGraph = SearchGraph.Of(fewOperations);
        _random = random;
        _extension = new Extension(fewGraph, graph);
        _improvement = new OrderImprovement(fewOperations, fewGraph, random);
        _blocks = new BlockConstruction(fewOperations, fewGraph, random);
        _policies = new PolicySearch(fewOperations, fewGraph);
        _dates = LaneDates.Earliest(problem, graph);
        (_best, _trial) = (new Arrangement(fewGraph), new Arrangement(fewGraph));
    }

    /// <summary>Whether there are so many whole microbatches, as many in each pipe, that a search for few is much faster.</summary>
    public static bool Suit(Problem problem) => Covered.Covers(problem)
        && problem.Microbatches % problem.Placement.Pipes == 0
        && problem.Microbatches >= WorthwhileRoundTrips * problem.Devices;

    /// <summary>Operations visited so far: the measure of work.</summary>
    public long Visited => _improvement.Visited + _blocks.Visited + 4 * (_policies.Placed + _extension.Placed);

    /// <summary>Orders for all microbatches; null when no extension can be carried out.</summary>
    public int[][]? Next(Func<bool> isOver)
    {
        if (!_isStarted) Begin(isOver);
        if (_best.Cost == long.MaxValue) return null;
        for (var window = 0; window < Windows && !isOver(); window++)
        {
            _improvement.AnnealWindow(_best, Heat);
            if (window % WindowsPerCompaction == 0) _improvement.Tighten(_best);
        }

        return _extension.Run(_best.Starts, _dates, isOver);
    }

    private void Begin(Func<bool> isOver)
    {
        _isStarted = true;
        var starts = new[] { _policies.Run(PolicyTries, _random, isOver), _blocks.Next(isOver) }.OfType<int[][]>();
        foreach (var orders in starts)
        {
            _trial.TakeOrders(orders);
            _improvement.Retime(_trial);
            if (_trial.Cost < _best.Cost) _best.Take(_trial);
        }

        for (var round = 0; round < Compactions && !isOver(); round++) _improvement.Tighten(_best);
    }
}
