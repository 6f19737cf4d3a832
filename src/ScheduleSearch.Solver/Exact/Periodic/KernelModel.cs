using Google.OrTools.Sat;

namespace ScheduleSearch.Solver.Exact.Periodic;

/// <summary>
/// A kernel as a CP-SAT model. On each lane time is counted from its anchor, the first thing that the kernel's first microbatch does there:
/// an item runs in some round after the anchor, at a phase of that round. No item can run across the start of an anchor, so within a round
/// a lane is an ordinary machine, and what it holds depends on its own rounds and on its order of phases.
/// </summary>
/// <remarks>
/// A start is base + round * period + phase. That is linear when the rounds are given and the period is to be shortened, or when the period
/// is given and rounds are to be found. Chains run in turn, from repetition to repetition, which loses nothing. Memory is checked wherever
/// it is taken; its mean over a period, which must not exceed the limit either, ties the rounds together before any order is known.
/// </remarks>
internal sealed class KernelModel
{
    private readonly KernelShape _shape;
    private readonly IntVar _period;
    private readonly bool _periodIsGiven;
    private readonly IntVar[] _bases;
    private readonly IntVar[] _rounds;
    private readonly IntVar[] _phases;
    private readonly LinearExpr[] _starts;
    private readonly List<(BoolVar IsBefore, int Item, int Other)> _orders = [];

    private KernelModel(KernelShape shape, (long Least, long Most) period, (long Least, long Most)[] rounds)
    {
        (_shape, _periodIsGiven) = (shape, period.Least == period.Most);
        _period = Model.NewIntVar(period.Least, period.Most, "");
        _bases = [.. Enumerable.Range(0, shape.LaneCount).Select(lane =>
            Model.NewIntVar(0, lane == shape.Lane(0) ? 0 : period.Most * shape.MostRounds, ""))];
        (_rounds, _phases, _starts) = (new IntVar[shape.Count], new IntVar[shape.Count], new LinearExpr[shape.Count]);
        for (var item = 0; item < shape.Count; item++) AddItem(item, period, rounds[item]);
        AddPrecedences();
        for (var lane = 0; lane < shape.LaneCount; lane++)
        {
            Model.OneAtATime(shape.ItemsOn(lane).Select(item => Model.NewFixedSizeIntervalVar(_phases[item], shape.Duration(item), "")));
            if (shape.Limit(lane) != long.MaxValue) AddMemory(lane);
        }
    }

    public CpModel Model { get; } = new();

    /// <summary>The kernel of the shortest period with the rounds of another one, which is its hint.</summary>
    /// <param name="shape">The items.</param>
    /// <param name="hint">A kernel with these rounds.</param>
    /// <param name="most">The longest period of interest.</param>
    public static KernelModel Shortest(KernelShape shape, KernelTimes hint, long most)
    {
        var model = new KernelModel(shape, (shape.LeastPeriod, most), [.. hint.Rounds.Select(round => (round, round))]);
        model.Model.Minimize(model._period);
        model.Hint(hint, Math.Min(hint.Period, most));
        return model;
    }

    /// <summary>Any kernel of a period, whatever its rounds; another kernel is its hint.</summary>
    public static KernelModel OfPeriod(KernelShape shape, long period, KernelTimes hint)
    {
        var model = new KernelModel(shape, (period, period), [.. Enumerable.Repeat((0L, shape.MostRounds), shape.Count)]);
        model.Hint(hint, period);
        return model;
    }

    /// <summary>The times in a solution.</summary>
    public KernelTimes Times(Func<IntVar, long> valueOf) =>
        new(valueOf(_period), [.. _bases.Select(valueOf)], [.. _rounds.Select(valueOf)], [.. _phases.Select(valueOf)]);

    private void Hint(KernelTimes hint, long period)
    {
        Model.AddHint(_period, period);
        for (var lane = 0; lane < _bases.Length; lane++) Model.AddHint(_bases[lane], hint.Bases[lane]);
        for (var item = 0; item < _shape.Count; item++)
        {
            Model.AddHint(_rounds[item], hint.Rounds[item]);
            Model.AddHint(_phases[item], Math.Min(hint.Phases[item], period - _shape.Duration(item)));
        }

        foreach (var (isBefore, item, other) in _orders) Model.AddHint(isBefore, hint.Phases[item] < hint.Phases[other]);
    }

    private void AddItem(int item, (long Least, long Most) period, (long Least, long Most) rounds)
    {
        var (lane, duration) = (_shape.Lane(item), _shape.Duration(item));
        var isAnchor = _shape.Anchors[lane] == item;
        if (isAnchor) rounds = (0, 0);
        _rounds[item] = Model.NewIntVar(rounds.Least, rounds.Most, "");
        _phases[item] = Model.NewIntVar(0, isAnchor ? 0 : period.Most - duration, "");
        if (!_periodIsGiven) Model.Add(_phases[item] <= _period - duration);
        _starts[item] = _bases[lane] + (_periodIsGiven ? _rounds[item] * period.Least : _period * rounds.Least) + _phases[item];
    }

    private void AddPrecedences()
    {
        for (var item = 0; item < _shape.Count; item++)
        {
            foreach (var (input, lag) in _shape.InputsOf(item)) Model.Add(_starts[item] - _starts[input] >= _shape.Duration(input) + lag);
            var (next, wraps) = _shape.NextInChain(item);
            Model.Add(_starts[next] + _period * (wraps ? 1 : 0) - _starts[item] >= _shape.Duration(item));
        }
    }

    private void AddMemory(int lane)
    {
        var items = _shape.ItemsOn(lane).Where(item => _shape.Acquired(item) > 0 || _shape.Released(item) > 0).ToArray();
        var unit = items.Aggregate(_shape.Limit(lane), (divisor, item) => Gcd(Gcd(divisor, _shape.Acquired(item)), _shape.Released(item)));
        var mean = LinearExpr.NewBuilder();
        foreach (var item in items)
        {
            mean.AddTerm(_starts[item], _shape.LevelsFreed(item) - _shape.LevelsTaken(item));
            mean.Add(_shape.LevelsFreed(item) * _shape.Duration(item));
        }

        Model.Add(mean <= _period * _shape.LevelsOf(lane));
        var before = new Dictionary<(int Item, int Other), ILiteral>();
        foreach (var taker in items.Where(item => _shape.Acquired(item) > 0))
        {
            // All that was taken less all that was freed until then: in earlier rounds, and in this one before the taker, which frees at its end.
            var held = LinearExpr.NewBuilder();
            foreach (var item in items)
            {
                var kept = (_shape.Acquired(item) - _shape.Released(item)) / unit;
                held.AddTerm(_rounds[item], -kept);
                if (item == taker) held.Add(_shape.Acquired(item) / unit);
                else held.AddTerm(Before(item, taker, before), kept);
            }

            Model.Add(held <= _shape.Limit(lane) / unit);
        }
    }

    /// <summary>Whether an item's phase is before another's.</summary>
    private ILiteral Before(int item, int other, Dictionary<(int Item, int Other), ILiteral> known)
    {
        if (known.TryGetValue((item, other), out var literal)) return literal;
        var isBefore = Model.NewBoolVar("");
        (known[(item, other)], known[(other, item)]) = (isBefore, isBefore.Not());
        _orders.Add((isBefore, item, other));
        Model.Add(_phases[other] - _phases[item] >= _shape.Duration(item)).OnlyEnforceIf(isBefore);
        Model.Add(_phases[item] - _phases[other] >= _shape.Duration(other)).OnlyEnforceIf(isBefore.Not());
        return isBefore;
    }

    private static long Gcd(long first, long second) => second == 0 ? first : Gcd(second, first % second);
}
