using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Layers;

/// <summary>What one stage takes and needs, by its layers.</summary>
internal sealed class StageTimes
{
    private readonly LayerTicks _ticks;
    private readonly MessageSums _messages;
    private readonly int _stage, _device;
    private readonly long _room;
    private readonly bool _isSpan, _splitsBackward;

    /// <summary>What the first layers take before its first forward and after its last input gradient, on the fastest of the devices there.</summary>
    private readonly long[] _heads, _tails;

    /// <param name="ticks">What layers take.</param>
    /// <param name="placement">Where the stages stand.</param>
    /// <param name="asked">What is asked of the iteration.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="messages">The messages up to it.</param>
    public StageTimes(LayerTicks ticks, Placement placement, AskedWays asked, int stage, MessageSums messages)
    {
        (_ticks, _messages, _stage, _device) = (ticks, messages, stage, placement.DeviceOf(0, stage));
        (_isSpan, _splitsBackward) = (asked.Objective == Objective.Span, asked.SplitBackward);
        _room = ticks.RoomOf(_device);
        var fastest = ticks.Fastest(Enumerable.Range(0, stage).Select(earlier => placement.DeviceOf(0, earlier)).DefaultIfEmpty(_device));
        _heads = Array.ConvertAll(ticks.FirstForward, time => ticks.OfStages(fastest, stage, time));
        _tails = [.. Enumerable.Range(0, _heads.Length).Select(layers =>
            ticks.OfStages(fastest, stage, ticks.LastInput[layers])
            + (_splitsBackward ? 0 : ticks.OfStages(fastest, stage, ticks.LastWeight[layers])))];
    }

    /// <summary>Whether the device has room for one microbatch, the largest, on these layers.</summary>
    public bool HasRoom(int begin, int end)
    {
        if (_room == long.MaxValue) return true;
        var weights = _ticks.CountsWeights ? Between(_ticks.Weights, begin, end) : 0;
        // Slices of a stage without a backward come and go one by one.
        if (_ticks.IsSliced && (!_ticks.HasBackwards || end <= _ticks.Frozen)) return weights <= _room;
        var held = Between(_ticks.Activation, begin, end);
        if (_ticks.IsSliced) return held + Between(_ticks.KeysAndValues, begin, end) + weights <= _room;
        held = Math.Max(held, Between(_ticks.Passing, begin, end));
        // What is retained beyond the activation is held by backwards alone.
        if (_ticks.HasBackwards && end > _ticks.Frozen) held = Math.Max(held, Between(_ticks.Retained, begin, end));
        return held + weights <= _room;
    }

    /// <summary>Time of all its work.</summary>
    public long LoadOf(int begin, int end) => _ticks.On(
        _device, _ticks.HasBackwards ? Between(_ticks.Work, begin, end) - SavedIn(begin, end) : Between(_ticks.Forward, begin, end));

    /// <summary>The least time of an iteration in which it has these layers.</summary>
    public long Of(int begin, int end)
    {
        var load = LoadOf(begin, end);
        if (_isSpan) return load;
        var head = _messages.Up[begin] + _heads[begin];
        if (!_ticks.HasBackwards) return head + load;
        var tail = _messages.Down[begin] + _tails[begin];
        if (!_splitsBackward) return head + load + tail;
        // The weight gradients of pairs come before the tail too.
        var saved = Math.Max(0, SavedIn(begin, end) - Between(_ticks.BackwardWeight, begin, end));
        var before = Between(_ticks.Forward, begin, end) + Between(_ticks.Recompute, begin, end) + Between(_ticks.BackwardInput, begin, end) - saved;
        return head + Math.Max(load, _ticks.On(_device, before) + tail);
    }

    /// <summary>Ticks of the messages between it and the stage before it, of one microbatch; 0 of the first stage.</summary>
    public long MessagesAt(int begin) => _stage == 0 ? 0 : _ticks.Up(_stage, begin) + _ticks.Down(_stage, begin);

    /// <summary>The most that pairs save: each forward but the first is in one at most, and so is each backward.</summary>
    private long SavedIn(int begin, int end)
    {
        if (_ticks.GainOfStage == 0) return 0;
        var backward = Between(_ticks.BackwardInput, begin, end) + Between(_ticks.BackwardWeight, begin, end);
        return (long)decimal.Ceiling(_ticks.GainOfStage * Math.Min(Between(_ticks.Forward, begin, end), backward));
    }

    private static long Between(long[] sums, int begin, int end) => sums[end] - sums[begin];
}
