using System.Collections.Immutable;

namespace ScheduleSearch.Core.Profiles;

/// <summary>What devices may hold, and what they need at least.</summary>
internal sealed class MemoryLimits
{
    private readonly Problem _problem;
    private readonly ImmutableArray<ICostedFeature> _features;

    /// <summary>Rounds limits down where their scale cannot hold every digit.</summary>
    public MemoryLimits(Problem problem, ImmutableArray<ICostedFeature> features)
    {
        (_problem, _features) = (problem, features);
        Limit = problem.Profile.Memory switch
        {
            { Limit: { } limit } => PerDevice(device => problem.MemoryScale.ToTicksBelow(limit[device])),
            { Total: { } total } => PerDevice(device => problem.MemoryScale.ToTicksBelow(total[device]) - WeightsOn(device)),
            _ => [],
        };
    }

    /// <summary>Memory units of activations, by device; empty when memory is unlimited.</summary>
    public ImmutableArray<long> Limit { get; }

    /// <summary>Memory units that a device may hold; <see cref="long.MaxValue"/> when unlimited.</summary>
    public long LimitOf(int device) => Limit.IsEmpty ? long.MaxValue : Limit[device];

    /// <summary>Memory units of the weights that a device holds, those of all its pipes.</summary>
    public long WeightsOn(int device) => _problem.Placement.StagesOn(device).Sum(stage => _problem.Weights[stage.Stage]);

    /// <summary>
    /// Memory units that a device needs at least for the microbatches of a pipe, in any order: the forwards of one microbatch on all its stages
    /// come before the first of its backwards there, so what they leave is held together; and one microbatch after the other needs no more.
    /// </summary>
    public long LeastMemory(int device, int pipe)
    {
        var (held, most) = (0L, 0L);
        foreach (var (_, stage) in _problem.Placement.StagesOn(device).Where(stage => stage.Pipe == pipe))
        {
            var (whole, dropped) = (_problem.Activation[stage], 0L);
            foreach (var feature in _features)
            {
                whole += feature.HeldBesideActivation(_problem, stage);
                dropped += feature.DroppedAfterForward(_problem, stage);
            }

            held += whole - dropped;
            most = Math.Max(most, dropped);
        }

        return held + most;
    }

    /// <summary>Whether one microbatch at a time can run down a pipe within every device's limit.</summary>
    public bool HasRoomFor(int pipe) => Enumerable.Range(0, _problem.Devices).All(device => LeastMemory(device, pipe) <= LimitOf(device));

    private ImmutableArray<long> PerDevice(Func<int, long> units) => [.. Enumerable.Range(0, _problem.Devices).Select(units)];
}
