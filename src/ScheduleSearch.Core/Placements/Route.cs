using System.Collections.Immutable;

namespace ScheduleSearch.Core.Placements;

/// <summary>The way of a microbatch through the model: its stages in order, each on a device. Microbatches may take different routes.</summary>
public sealed class Route
{
    private const int Nowhere = -1;

    private readonly int[] _places;

    /// <summary>States the way.</summary>
    /// <param name="steps">The stages in the order in which a microbatch passes them, each once, with the device that holds it; at least one.</param>
    /// <exception cref="ArgumentException">There is no step, or a stage stands twice.</exception>
    public Route(IEnumerable<(int Stage, int Device)> steps)
    {
        var list = steps.ToList();
        if (list.Count == 0) throw new ArgumentException("A route has at least one stage.", nameof(steps));
        _places = new int[list.Max(step => step.Stage) + 1];
        Array.Fill(_places, Nowhere);
        for (var place = 0; place < list.Count; place++)
        {
            if (_places[list[place].Stage] != Nowhere) throw new ArgumentException($"The stage {list[place].Stage} stands twice.", nameof(steps));
            _places[list[place].Stage] = place;
        }

        Stages = [.. list.Select(step => step.Stage)];
        Devices = [.. list.Select(step => step.Device)];
    }

    /// <summary>The stages, in order.</summary>
    public ImmutableArray<int> Stages { get; }

    /// <summary>The device of each step.</summary>
    public ImmutableArray<int> Devices { get; }

    /// <summary>Whether the route passes a stage.</summary>
    public bool Passes(int stage) => stage >= 0 && stage < _places.Length && _places[stage] != Nowhere;

    /// <summary>The device that holds a stage, which the route passes.</summary>
    public int DeviceOf(int stage) => Devices[_places[stage]];

    /// <summary>The stage after one, or before it; null at the end of the route.</summary>
    /// <param name="stage">A stage of the route.</param>
    /// <param name="up">Whether the next one is asked for; else the one before.</param>
    public int? Neighbour(int stage, bool up)
    {
        var place = _places[stage] + (up ? 1 : -1);
        return place >= 0 && place < Stages.Length ? Stages[place] : null;
    }
}
