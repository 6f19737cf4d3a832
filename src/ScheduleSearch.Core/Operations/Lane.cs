namespace ScheduleSearch.Core.Operations;

/// <summary>What a lane carries out, one operation at a time.</summary>
public enum LaneKind
{
    /// <summary>A device's arithmetic.</summary>
    Compute,
}

/// <summary>A resource that carries out one operation at a time.</summary>
/// <param name="Device">The device that it belongs to.</param>
/// <param name="Kind">What it carries out.</param>
public readonly record struct Lane(int Device, LaneKind Kind);

/// <summary>A neighbour in the operation graph, and the time that must pass between the two.</summary>
/// <param name="Operation">Index of the neighbour.</param>
/// <param name="Lag">Ticks from the end of the earlier operation to the start of the later one.</param>
public readonly record struct Dependency(int Operation, long Lag);
