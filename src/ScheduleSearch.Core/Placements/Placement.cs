using System.Collections.Immutable;

namespace ScheduleSearch.Core.Placements;

/// <summary>A map from the stages of each route to devices. Every device holds at least one stage.</summary>
public sealed class Placement
{
    private readonly ImmutableArray<ImmutableArray<StageOfPipe>> _stages;

    /// <summary>States the map where every pipe passes all stages in order.</summary>
    /// <param name="name">The name of the placement, as requests give it.</param>
    /// <param name="devices">p, at least 1.</param>
    /// <param name="stageDevices">For each pipe, the device of each of its stages.</param>
    /// <exception cref="ArgumentException">A device is out of range or holds no stage, or the pipes differ in length.</exception>
    public Placement(string name, int devices, params ReadOnlySpan<ImmutableArray<int>> stageDevices)
        : this(name, devices, RoutesOf(stageDevices))
    {
    }

    /// <summary>States the routes.</summary>
    /// <param name="name">The name of the placement, as requests give it.</param>
    /// <param name="devices">p, at least 1.</param>
    /// <param name="routes">The ways that microbatches may take, at least one.</param>
    /// <exception cref="ArgumentException">A device is out of range or holds no stage.</exception>
    public Placement(string name, int devices, ImmutableArray<Route> routes)
    {
        (Name, Devices, Routes) = (name, devices, routes);
        Stages = routes.Max(route => route.Stages.Max()) + 1;
        var held = Enumerable.Range(0, devices).Select(_ => ImmutableArray.CreateBuilder<StageOfPipe>()).ToArray();
        for (var pipe = 0; pipe < routes.Length; pipe++)
        {
            foreach (var stage in routes[pipe].Stages.Order())
            {
                var device = routes[pipe].DeviceOf(stage);
                if (device < 0 || device >= devices) throw new ArgumentException($"Device {device} does not exist.", nameof(routes));
                held[device].Add(new StageOfPipe(pipe, stage));
            }
        }

        if (held.Any(stages => stages.Count == 0)) throw new ArgumentException("A device holds no stage.", nameof(routes));
        _stages = [.. held.Select(stages => stages.ToImmutable())];
    }

    /// <summary>The name of the placement, as requests give it.</summary>
    public string Name { get; }

    /// <summary>p: the number of devices.</summary>
    public int Devices { get; }

    /// <summary>The way of a microbatch through the stages, by pipe.</summary>
    public ImmutableArray<Route> Routes { get; }

    /// <summary>The number of pipes: directions or weight replicas, each with a route of its own.</summary>
    public int Pipes => Routes.Length;

    /// <summary>S: the number of stages of one pipe.</summary>
    public int Stages { get; }

    /// <summary>The device of each stage of each pipe as text: placements with one map are the same but for their names.</summary>
    internal string Map => string.Join('|', Enumerable.Range(0, Pipes).Select(pipe =>
        string.Join(',', Enumerable.Range(0, Stages).Select(stage => DeviceOf(pipe, stage)))));

    /// <summary>The device that holds a stage.</summary>
    public int DeviceOf(int pipe, int stage) => Routes[pipe].DeviceOf(stage);

    /// <summary>The stages that a device holds, by pipe, then by stage.</summary>
    public ImmutableArray<StageOfPipe> StagesOn(int device) => _stages[device];

    private static ImmutableArray<Route> RoutesOf(ReadOnlySpan<ImmutableArray<int>> stageDevices)
    {
        var routes = ImmutableArray.CreateBuilder<Route>(stageDevices.Length);
        foreach (var devices in stageDevices)
        {
            if (devices.Length != stageDevices[0].Length) throw new ArgumentException("All pipes have the same number of stages.", nameof(stageDevices));
            routes.Add(new Route(devices.Select((device, stage) => (stage, device))));
        }

        return routes.MoveToImmutable();
    }
}
