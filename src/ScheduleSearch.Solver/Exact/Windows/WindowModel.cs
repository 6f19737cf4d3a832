using Google.OrTools.Sat;
using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Exact.Windows;

/// <summary>
/// The operations of a window as a CP-SAT model: what comes before them stands as releases, what comes after them as the rest of the
/// longest path. Lanes that are not free keep their order, and their operations move in time only.
/// </summary>
internal sealed class WindowModel
{
    private readonly SearchGraph _graph;
    private readonly Window _window;
    private readonly WindowSteps _steps;
    private readonly IntVar[]? _firsts;

    /// <summary>Builds the model, hinted with the present order.</summary>
    /// <param name="graph">The operations.</param>
    /// <param name="window">The window, as cut.</param>
    /// <param name="isFree">The lanes whose order is to be found.</param>
    /// <param name="steps">The window's times.</param>
    public WindowModel(SearchGraph graph, Window window, bool[] isFree, WindowSteps steps)
    {
        (_graph, _window, _steps) = (graph, window, steps);
        Starts = [.. Enumerable.Range(0, window.Count).Select(place =>
            Model.NewIntVar(steps.Head[place], steps.Horizon - steps.LaneExit[place] - steps.Duration[place], ""))];
        Cost = Model.NewIntVar(0, steps.Cost, "");
        if (steps.IsSpan) _firsts = [.. Enumerable.Range(0, graph.LaneCount).Select(FirstStart)];
        for (var lane = 0; lane < graph.LaneCount; lane++)
        {
            if (isFree[lane]) AddFree(lane);
            else AddFixed(lane);
        }

        for (var place = 0; place < window.Count; place++)
        {
            AddInputs(place);
            AddExits(place);
            Model.AddHint(Starts[place], steps.Starts[place]);
        }

        if (steps.IsSpan) StartAtOnce();
        Model.AddHint(Cost, steps.Cost);
        Model.Minimize(Cost);
    }

    public CpModel Model { get; } = new();

    public Window Window => _window;

    public WindowSteps Steps => _steps;

    /// <summary>The start of the operation at each place.</summary>
    public IntVar[] Starts { get; }

    /// <summary>The longest path through the window.</summary>
    public IntVar Cost { get; }

    public LinearExpr EndOf(int place) => Starts[place] + _steps.Duration[place];

    public void Precede(int place, int next, long lag = 0) => Model.Add(Starts[next] - Starts[place] >= _steps.Duration[place] + lag);

    private IEnumerable<int> PlacesOf(int lane) => Enumerable.Range(_window.First[lane], _window.First[lane + 1] - _window.First[lane]);

    private void AddFree(int lane)
    {
        Model.OneAtATime(PlacesOf(lane).Select(place => Model.NewFixedSizeIntervalVar(Starts[place], _steps.Duration[place], "")));
        foreach (var chain in PlacesOf(lane).GroupBy(place => _graph.Chain[_window.Operation[place]]))
        {
            foreach (var (place, next) in chain.Zip(chain.Skip(1))) Precede(place, next);
        }

        new WindowMemory(this, _graph, lane).Add();
    }

    private void AddFixed(int lane)
    {
        foreach (var place in PlacesOf(lane).Skip(1)) Precede(place - 1, place);
    }

    private void AddInputs(int place)
    {
        foreach (var (operation, lag) in _graph.Before.Of(_window.Operation[place]))
        {
            if (_window.PlaceOf(operation) is { } input) Precede(input, place, _steps.StepsOf(lag));
        }
    }

    private void AddExits(int place)
    {
        var operation = _window.Operation[place];
        if (_steps.Exit[place] is { } exit) Model.Add(Cost >= EndOf(place) + exit);
        var (lane, chain) = (_graph.Lane[operation], _graph.Chain[operation]);
        if (PlacesOf(lane).Any(other => other > place && _graph.Chain[_window.Operation[other]] == chain)) return;
        if (_firsts is null) Model.Add(Cost >= EndOf(place) + _steps.LaneExit[place]);
        else Model.Add(Cost >= EndOf(place) - _firsts[lane]);
    }

    /// <summary>
    /// Spans are differences of starts, so something that waits for nothing may start at 0. Free, each bound on a start would only push the next one by a step,
    /// round and round, which is no work in the solver's own measure.
    /// </summary>
    private void StartAtOnce()
    {
        var first = Enumerable.Range(0, _window.Count).Where(place => _graph.Before.Of(_window.Operation[place]).Length == 0)
            .Where(place => _graph.Chains[_graph.Chain[_window.Operation[place]]][0] == _window.Operation[place]).ToList();
        Model.AddMinEquality(LinearExpr.Constant(0), first.Select(place => Starts[place]));
    }

    /// <summary>A moment at or before which everything on a lane starts.</summary>
    private IntVar FirstStart(int lane)
    {
        var first = Model.NewIntVar(0, _steps.Horizon, "");
        foreach (var place in PlacesOf(lane)) Model.Add(first <= Starts[place]);
        if (PlacesOf(lane).Any()) Model.AddHint(first, _steps.Starts[_window.First[lane]]);
        return first;
    }
}
