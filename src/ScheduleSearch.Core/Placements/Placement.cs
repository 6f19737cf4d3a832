using System.Collections.Immutable;

namespace ScheduleSearch.Core.Placements;

/// <summary>Where a stage of a pipe stands.</summary>
/// <param name="Pipe">The pipe (a direction or weight replica), from 0.</param>
/// <param name="Stage">The stage within the pipe, from 0.</param>
public readonly record struct StageOfPipe(int Pipe, int Stage);

/// <summary>A map from the stages of each pipe to devices. Every device holds at least one stage.</summary>
public sealed class Placement
{
    private readonly ImmutableArray<ImmutableArray<int>> _devices;
    private readonly ImmutableArray<ImmutableArray<StageOfPipe>> _stages;

    /// <summary>States the map.</summary>
    /// <param name="name">The name of the placement, as requests give it.</param>
    /// <param name="devices">p, at least 1.</param>
    /// <param name="stageDevices">For each pipe, the device of each of its stages.</param>
    /// <exception cref="ArgumentException">A device is out of range or holds no stage, or the pipes differ in length.</exception>
    public Placement(string name, int devices, params ReadOnlySpan<ImmutableArray<int>> stageDevices)
    {
        Name = name;
        Devices = devices;
        _devices = [.. stageDevices];
        Stages = _devices[0].Length;
        var held = Enumerable.Range(0, devices).Select(_ => ImmutableArray.CreateBuilder<StageOfPipe>()).ToArray();
        for (var pipe = 0; pipe < _devices.Length; pipe++)
        {
            if (_devices[pipe].Length != Stages) throw new ArgumentException("All pipes have the same number of stages.", nameof(stageDevices));
            for (var stage = 0; stage < Stages; stage++)
            {
                var device = _devices[pipe][stage];
                if (device < 0 || device >= devices) throw new ArgumentException($"Device {device} does not exist.", nameof(stageDevices));
                held[device].Add(new StageOfPipe(pipe, stage));
            }
        }

        if (held.Any(stages => stages.Count == 0)) throw new ArgumentException("A device holds no stage.", nameof(stageDevices));
        _stages = [.. held.Select(stages => stages.ToImmutable())];
    }

    /// <summary>The name of the placement, as requests give it.</summary>
    public string Name { get; }

    /// <summary>p: the number of devices.</summary>
    public int Devices { get; }

    /// <summary>The number of pipes: directions or weight replicas.</summary>
    public int Pipes => _devices.Length;

    /// <summary>S: the number of stages of one pipe.</summary>
    public int Stages { get; }

    /// <summary>The device that holds a stage.</summary>
    public int DeviceOf(int pipe, int stage) => _devices[pipe][stage];

    /// <summary>The stages that a device holds, by pipe, then by stage.</summary>
    public ImmutableArray<StageOfPipe> StagesOn(int device) => _stages[device];
}
