using Google.OrTools.Sat;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Exact;

/// <summary>
/// A problem as a CP-SAT model: the start of every operation, one operation at a time on a lane, dependencies with lags, chains in
/// turn, memory, and the makespan or the largest span as its objective.
/// </summary>
internal sealed class ScheduleModel
{
    private readonly OperationGraph _graph;
    private readonly TimeGrid _grid;
    private readonly OperationChains _chains;
    private readonly long _horizon;
    private readonly Milestone? _milestone;
    private readonly long[] _durations;
    private readonly long[] _heads;
    private readonly long[] _tails;
    private readonly List<(IntVar Length, int From, int To)> _lengths = [];
    private readonly List<(IntVar First, int[] Of)> _firsts = [];

    /// <summary>Builds the model.</summary>
    /// <param name="graph">The operations.</param>
    /// <param name="chains">Their chains, which the model keeps in turn: those of each slice apart, where there are several.</param>
    /// <param name="grid">The steps that the model counts in.</param>
    /// <param name="least">Steps that no schedule's objective is below.</param>
    /// <param name="most">Steps that schedules of interest do not exceed.</param>
    /// <param name="milestone">What is to be reached early instead of the end; null for the problem's own objective.</param>
    public ScheduleModel(OperationGraph graph, OperationChains chains, TimeGrid grid, long least, long most, Milestone? milestone = null)
    {
        _milestone = milestone;
        (_graph, _chains, _grid) = (graph, chains, grid);
        _durations = [.. Enumerable.Range(0, graph.Count).Select(operation => grid.StepsOf(graph.Durations[operation]))];
        (_heads, _tails) = (new long[graph.Count], new long[graph.Count]);
        FindHeadsAndTails();
        var ofSpan = graph.Problem.Objective == Core.Profiles.Objective.Span;
        _horizon = HorizonOf(graph, grid, most) + (ofSpan ? 0 : milestone?.StepsBehind ?? 0);
        var latest = Enumerable.Range(0, graph.Count).Select(operation => _horizon - _durations[operation] - (ofSpan ? 0 : _tails[operation])).ToArray();
        foreach (var (operation, end, _) in graph.DueDates) latest[operation] = Math.Min(latest[operation], grid.StepsWithin(end) - _durations[operation]);
        Starts = [.. Enumerable.Range(0, graph.Count).Select(operation => Model.NewIntVar(_heads[operation], latest[operation], ""))];
        Objective = Model.NewIntVar(least, most, "");
        AddLanes();
        AddPrecedences();
        AddMemory();
        if (milestone is { } reached) Model.Add(Objective == Starts[reached.Operation]);
        else if (ofSpan)
        {
            AddSpans();
            StartAtOnce();
        }
        else
        {
            AddMakespan();
        }

        Model.Minimize(Objective);
    }

    public CpModel Model { get; } = new();

    public OperationGraph Graph => _graph;

    public OperationChains Chains => _chains;

    public IntVar[] Starts { get; }

    public IntVar Objective { get; }

    /// <summary>Ticks that no sum of times in a model exceeds which looks for no more than an objective.</summary>
    public static long LongestTicks(OperationGraph graph, long objective) => Math.Max(2 * objective, HorizonOf(graph, ticks => ticks, objective));

    /// <summary>Whether the longest way through a graph ends within the horizon of an objective: else no schedule has one so good.</summary>
    public static bool HoldsWays(OperationGraph graph, TimeGrid grid, long most)
    {
        var (ends, horizon) = (new long[graph.Count], HorizonOf(graph, grid, most));
        for (var operation = 0; operation < ends.Length; operation++)
        {
            foreach (var (dependency, lag) in graph.DependenciesOf(operation))
                ends[operation] = Math.Max(ends[operation], ends[dependency] + grid.StepsOf(lag));
            ends[operation] += grid.StepsOf(graph.Durations[operation]);
        }

        return ends.Max() <= horizon;
    }

    /// <summary>Whether an operation lasts a step or more.</summary>
    public bool TakesTime(int operation) => _durations[operation] > 0;

    public LinearExpr EndOf(int operation) => Starts[operation] + _durations[operation];

    public void Precede(int operation, int next, long lag = 0) => Model.Add(Starts[next] - Starts[operation] >= _durations[operation] + lag);

    /// <summary>Implied cut: an operation starts so many steps after another one's start.</summary>
    public void Separate(int operation, int later, long steps) => Model.Add(Starts[later] - Starts[operation] >= steps);

    /// <summary>Implied cut: after an operation's start so many steps are left to the objective.</summary>
    public void LeaveAtLeast(int operation, long steps) => Model.Add(Objective - Starts[operation] >= steps);

    /// <summary>The time from the start of one operation to the end of another.</summary>
    public IntervalVar Residency(int from, int to)
    {
        var length = Model.NewIntVar(0, _horizon, "");
        _lengths.Add((length, from, to));
        return Model.NewIntervalVar(Starts[from], length, EndOf(to), "");
    }

    /// <summary>Hints every variable with the starts that an order has on the model's grid.</summary>
    public void Hint(IReadOnlyList<IReadOnlyList<int>> orders, long objective)
    {
        if (new GridReplay(_graph, _grid, _durations).Starts(orders, _milestone is null ? objective : _horizon) is not { } starts) return;
        for (var operation = 0; operation < starts.Length; operation++) Model.AddHint(Starts[operation], starts[operation]);
        foreach (var (length, from, to) in _lengths) Model.AddHint(length, starts[to] + _durations[to] - starts[from]);
        foreach (var (first, of) in _firsts) Model.AddHint(first, of.Min(operation => starts[operation]));
        Model.AddHint(Objective, _milestone is { } reached ? starts[reached.Operation] : objective);
    }

    /// <summary>Steps by which everything has ended in a schedule whose objective is at most so many, in time to be moved no earlier.</summary>
    /// <param name="graph">The operations.</param>
    /// <param name="grid">The steps.</param>
    /// <param name="most">Steps of the objective.</param>
    /// <remarks>
    /// Of spans: the first microbatch passes every device before its backward on the first one, which ends within that device's span; from its
    /// first forward on, a device has a span left at most. With two pipes the first microbatch of all does so in its pipe. Where the first stage has no
    /// backward, take the devices by their starts: one that starts later than what those before it hand on is there can start earlier, with all
    /// that come after it.
    /// </remarks>
    private static long HorizonOf(OperationGraph graph, TimeGrid grid, long most) => HorizonOf(graph, grid.StepsOf, most);

    private static long HorizonOf(OperationGraph graph, Func<long, long> stepsOf, long most)
    {
        if (graph.Problem.Objective != Core.Profiles.Objective.Span) return most;
        if (graph.Problem.HasBackward(0)) return 2 * most;
        var (lag, alone, between) = (0L, 0L, 0L);
        for (var operation = 0; operation < graph.Count; operation++)
        {
            foreach (var edge in graph.DependenciesOf(operation)) lag = Math.Max(lag, stepsOf(edge.Lag));
            var duration = stepsOf(graph.Durations[operation]);
            if (graph.LaneOf[operation] == OperationGraph.NoLane) alone = Math.Max(alone, duration);
            else if (!graph.IsCompute(graph.LaneOf[operation])) between += duration;
        }

        return graph.Problem.Devices * (most + 2 * lag + alone) + between;
    }

    private void AddLanes()
    {
        var intervals = Enumerable.Range(0, _graph.Count)
            .Select(operation => Model.NewFixedSizeIntervalVar(Starts[operation], _durations[operation], "")).ToArray();
        for (var lane = 0; lane < _graph.Lanes.Count; lane++)
            Model.OneAtATime(Enumerable.Range(0, _graph.Count).Where(operation => _graph.LaneOf[operation] == lane).Select(operation => intervals[operation]));
    }

    private void AddPrecedences()
    {
        for (var operation = 0; operation < _graph.Count; operation++)
        {
            foreach (var (dependency, lag) in _graph.DependenciesOf(operation)) Precede(dependency, operation, _grid.StepsOf(lag));
        }

        foreach (var chain in _chains.All)
        {
            for (var microbatch = 1; microbatch < chain.Length; microbatch++) Precede(chain[microbatch - 1], chain[microbatch]);
        }
    }

    private void AddMemory()
    {
        var holdings = HoldingChain.Of(_graph).ToLookup(holding => _graph.LaneOf[holding.From[0]]);
        for (var lane = 0; lane < _graph.Lanes.Count; lane++)
            new DeviceMemory(this, [.. holdings[lane]], _graph.Problem.LimitOf(_graph.Lanes[lane].Device)).Add();
    }

    private void AddMakespan()
    {
        foreach (var chain in _chains.All) Model.Add(Objective >= EndOf(chain[^1]) + _grid.StepsOf(_graph.Tails[chain[^1]]));
    }

    private void AddSpans()
    {
        for (var lane = 0; lane < _graph.Lanes.Count; lane++)
        {
            var chains = _chains.All.Where(chain => _graph.LaneOf[chain[0]] == lane).ToList();
            if (chains.Count == 0 || !_graph.IsCompute(lane)) continue;
            // A device's first operation is a forward of its first stage of a pipe, which comes before everything else that the microbatch does there.
            int[] firsts =
        [
            .. chains.Select(chain => chain[0]).GroupBy(operation => _graph.Operations[operation].Pipe)
                .Select(pipe => pipe.MinBy(operation => _heads[operation])),
        ];
            var first = Starts[firsts[0]];
            if (firsts.Length > 1)
            {
                first = Model.NewIntVar(0, _horizon, "");
                Model.AddMinEquality(first, firsts.Select(operation => Starts[operation]));
                _firsts.Add((first, firsts));
            }

            foreach (var chain in chains) Model.Add(Objective >= EndOf(chain[^1]) - first);
        }
    }

    /// <summary>
    /// Has the operation that comes before all others start as early as it can. Spans are differences of starts: without this any schedule may be moved as a
    /// whole, and no bound on a start tells anything of another one. Two pipes have no such operation.
    /// </summary>
    /// <remarks>
    /// Move a schedule to the left until an operation meets its head. Where no head is more than the way from the first operation says, that one has
    /// met its own.
    /// </remarks>
    private void StartAtOnce()
    {
        var (first, ways, previous) = (-1, new long?[_graph.Count], new int[_graph.Count]);
        Array.Fill(previous, -1);
        foreach (var chain in _chains.All)
        {
            for (var microbatch = 1; microbatch < chain.Length; microbatch++) previous[chain[microbatch]] = chain[microbatch - 1];
        }

        for (var operation = 0; operation < _graph.Count; operation++)
        {
            var dependencies = _graph.DependenciesOf(operation);
            if (dependencies.Length == 0 && previous[operation] < 0)
            {
                if (first >= 0) return;
                (first, ways[operation]) = (operation, _heads[operation]);
                continue;
            }

            foreach (var (dependency, lag) in dependencies) Lead(dependency, _grid.StepsOf(lag), operation);
            if (previous[operation] >= 0) Lead(previous[operation], 0, operation);
            if (ways[operation] is not { } way || way < _heads[operation]) return;
        }

        Model.Add(Starts[first] == _heads[first]);

        void Lead(int from, long lag, int to)
        {
            if (ways[from] is { } way) ways[to] = Math.Max(ways[to] ?? long.MinValue, way + _durations[from] + lag);
        }
    }

    /// <summary>The longest ways to and from each operation; an operation has a larger index than what it depends on.</summary>
    private void FindHeadsAndTails()
    {
        for (var operation = 0; operation < _graph.Count; operation++)
        {
            _heads[operation] = _grid.StepsOf(_graph.Heads[operation]);
            foreach (var (dependency, lag) in _graph.DependenciesOf(operation))
                _heads[operation] = Math.Max(_heads[operation], _heads[dependency] + _durations[dependency] + _grid.StepsOf(lag));
        }

        for (var operation = _graph.Count - 1; operation >= 0; operation--)
        {
            _tails[operation] = _grid.StepsOf(_graph.Tails[operation]);
            foreach (var (dependent, lag) in _graph.DependentsOf(operation))
                _tails[operation] = Math.Max(_tails[operation], _grid.StepsOf(lag) + _durations[dependent] + _tails[dependent]);
        }
    }
}
