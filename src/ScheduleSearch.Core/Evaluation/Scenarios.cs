using System.Globalization;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Evaluation;

/// <summary>
/// The scenarios that a problem under noise judges its orders by: drawn once by a seed that follows from the problem, so that every order, now and later,
/// meets the same durations (common random numbers), and balanced so that the mean of each factor over them is exactly what the noise has it be. Problems
/// that differ in nothing but memory's limits have the same ones. Safe for any number of threads.
/// </summary>
public sealed class Scenarios
{
    /// <summary>The number of scenarios.</summary>
    public const int Count = 2 * NoiseBlock.Width;

    private const int SeedDigits = 15;

    private readonly Lock _lock = new();
    private readonly Problem _problem;
    private readonly RobustObjective _robust;
    private readonly NoiseKeys _keys;
    private readonly double[] _speeds;
    private readonly long _seed;
    private NoiseBlock[] _blocks = [];
    private int _drawn = -1;

    internal Scenarios(Problem problem, RobustObjective robust)
    {
        (_problem, _robust, _keys) = (problem, robust, new NoiseKeys(problem, robust.Noise));
        _speeds = NoiseBlock.SpeedsOf(problem, robust.Noise);
        _seed = long.Parse(problem.KinId.AsSpan(0, SeedDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    /// <summary>What an order takes in the scenarios. Cost: that of <see cref="Count"/> replays and of drawing what no order before it needed.</summary>
    public ScenarioFigures Judge(Timeline timeline)
    {
        lock (_lock)
        {
            var order = new OrderNetwork(timeline, _keys, _speeds);
            var times = new ReplayTimes(order.Count);
            var lengths = new double[Count];
            foreach (var (index, block) in Drawn().Index())
            {
                order.Replay(block, times);
                for (var lane = 0; lane < NoiseBlock.Width; lane++) lengths[index * NoiseBlock.Width + lane] = order.LengthOf(times, lane).Length;
            }

            return new ScenarioFigures(_robust.Statistic, Distribution.Of(lengths));
        }
    }

    /// <summary>What the operations of a graph take in the scenarios. Cost: linear in the operations.</summary>
    public ScenarioTimes TimesOf(OperationGraph graph)
    {
        lock (_lock)
        {
            var parts = new List<(double Ticks, int Key)>[graph.Count];
            var (messages, sent) = (new int[graph.Count], new int[graph.Count]);
            for (var index = 0; index < graph.Count; index++)
            {
                var operation = graph.Operations[index];
                var speed = graph.LaneOf[index] is >= 0 and var lane && graph.IsCompute(lane) ? _speeds[lane] : 1;
                Operation? overlapped = graph.Selection.Pairs.TryGetValue(operation, out var backward) ? backward : null;
                parts[index] = [.. _keys.PartsOf(operation, graph.Durations[index], overlapped).Select(part => (part.Ticks * speed, part.Key))];
                var message = _keys.MessageOf(operation, operation.Facts.RunsUpward);
                (messages[index], sent[index]) = operation.Facts.Role == OperationRole.Message ? (message, -1) : (-1, message);
            }

            var durations = new double[graph.Count * Count];
            var delays = _keys.Messages.Count > 0 ? new double[graph.Count * Count] : null;
            foreach (var (index, block) in Drawn().Index())
            {
                for (var operation = 0; operation < graph.Count; operation++)
                {
                    var first = operation * Count + index * NoiseBlock.Width;
                    for (var lane = 0; lane < NoiseBlock.Width; lane++)
                    {
                        var duration = messages[operation] >= 0 ? block.Spikes[messages[operation] * NoiseBlock.Width + lane] : 0;
                        foreach (var (ticks, key) in parts[operation]) duration += ticks * block.FactorOf(key, lane);
                        durations[first + lane] = duration;
                        if (sent[operation] >= 0) delays![first + lane] = block.Spikes[sent[operation] * NoiseBlock.Width + lane];
                    }
                }
            }

            return new ScenarioTimes(durations, delays);
        }
    }

    /// <summary>The blocks with the numbers of all keys that orders have needed so far.</summary>
    private NoiseBlock[] Drawn()
    {
        var needed = _keys.Factors.Count + _keys.Messages.Count;
        if (needed == _drawn) return _blocks;
        _blocks = [.. Enumerable.Range(0, Count / NoiseBlock.Width).Select(_ => new NoiseBlock(_problem, _robust.Noise, _seed, _keys))];
        foreach (var (index, block) in _blocks.Index()) block.Draw(index * NoiseBlock.Width);
        NoiseBlock.Balance(_blocks);
        _drawn = needed;
        return _blocks;
    }
}
