using ScheduleSearch.Core.Operations;
using ScheduleSearch.Solver.Search.Periodic;

namespace ScheduleSearch.Solver.Search.Constructions;

/// <summary>
/// The kinds of orders that a local search may begin with, and which of them to make next: each in turn at first, then the one that did best as often as
/// all others together.
/// </summary>
internal sealed class ConstructionChoice
{
    private const int LeastPolicyTries = 150;
    private const int MostPolicyTries = 1200;
    private const int KernelTries = 3000;
    private const int MostKernelMicrobatches = 4;

    private readonly SearchGraph _graph;
    private readonly Random _random;
    private readonly Func<bool> _isOver;
    private readonly PolicySearch _policies;
    private readonly BlockConstruction _blocks;
    private readonly ExtendedConstruction? _extended;
    private readonly Func<int[][]?>[] _kinds;
    private readonly long[] _least;
    private readonly int _microbatches;
    private long _kernelItems;
    private int _made;

    public ConstructionChoice(OperationGraph operations, SearchGraph graph, Random random, Func<bool> isOver)
    {
        (_graph, _random, _isOver) = (graph, random, isOver);
        _microbatches = graph.Chains.Min(chain => chain.Length);
        _policies = new PolicySearch(operations, graph);
        _blocks = new BlockConstruction(operations, graph, random);
        _extended = ExtendedConstruction.Suit(operations.Problem) && graph.IsEven ? new ExtendedConstruction(operations, graph, random) : null;
        Func<int[][]?>[] many = _extended is null ? [] : [() => _extended.Next(_isOver)];
        Func<int[][]?>[] repeated = BlockConstruction.Suit(operations.Problem) ? [FromBlock] : [];
        Func<int[][]?>[] periodic = KernelSearch.Suits(graph) ? [FromKernel] : [];
        _kinds = [.. many, .. repeated, FromPolicies, .. periodic, () => null];
        _least = new long[_kinds.Length];
        Array.Fill(_least, long.MaxValue);
    }

    /// <summary>Operations placed so far: the measure of work.</summary>
    public long Visited => _blocks.Visited + (_extended?.Visited ?? 0) + 4 * (_policies.Placed + _kernelItems);

    /// <summary>The kind to make next.</summary>
    public int Next()
    {
        if (_made < _kinds.Length) return _made++;
        return _random.Next(2) == 0 ? Array.IndexOf(_least, _least.Min()) : _random.Next(_kinds.Length);
    }

    /// <summary>Orders of one kind; null to shake the best order instead.</summary>
    public int[][]? Make(int kind) => _kinds[kind]();

    /// <summary>Tells what an order of a kind came to.</summary>
    public void Judge(int kind, long cost) => _least[kind] = Math.Min(_least[kind], cost);

    private int[][]? FromBlock() => _blocks.Next(_isOver);

    private int[][]? FromPolicies() => _policies.Run(_random.Next(LeastPolicyTries, MostPolicyTries), _random, _isOver);

    private int[][]? FromKernel()
    {
        var kernels = new KernelSearch(_graph, Math.Min(_microbatches, _random.Next(1, MostKernelMicrobatches + 1)), _random);
        var orders = kernels.Run(KernelTries, _isOver);
        _kernelItems += kernels.Placed;
        return orders;
    }
}
