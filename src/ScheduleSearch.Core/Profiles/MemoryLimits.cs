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
    /// Memory units that a device needs at least for the microbatches of a pipe, in any order: a stage's forward holds its whole activation, and its
    /// backward what that grows to, beside what those of the same microbatch before it leave, whose backwards come later; and one microbatch after the
    /// other needs no more.
    /// </summary>
    public long LeastMemory(int device, int pipe)
    {
        var (left, most) = (0L, 0L);
        var route = _problem.Placement.Routes[pipe];
        foreach (var stage in route.Stages.Where(stage => route.DeviceOf(stage) == device))
        {
            var (whole, dropped, beyond, apart) = (_problem.Activation[stage], 0L, 0L, 0L);
            foreach (var feature in _features)
            {
                whole += feature.HeldBesideActivation(_problem, stage);
                dropped += feature.DroppedAfterForward(_problem, stage);
                beyond += feature.HeldBeyondActivation(_problem, stage);
                apart += feature.NeverHeldAtOnce(_problem, stage);
            }

            most = Math.Max(most, left + whole + beyond - apart);
            left += whole - dropped;
        }

        return _problem.MostUnits(Math.Max(most, left + _features.Sum(feature => feature.HeldAtTurn(_problem, device))));
    }

    /// <summary>Whether one microbatch at a time can run down a pipe within every device's limit.</summary>
    public bool HasRoomFor(int pipe) => Enumerable.Range(0, _problem.Devices).All(device => LeastMemory(device, pipe) <= LimitOf(device));

    /// <summary>Whether every device has room for all that all microbatches hold at most, all at once.</summary>
    public bool HasRoomForAll() => Enumerable.Range(0, _problem.Devices).All(device => _problem.Microbatches * (Int128)MostHeld(device) <= LimitOf(device));

    private long MostHeld(int device) => _problem.MostUnits(
        _features.Sum(feature => feature.HeldAtTurn(_problem, device))
        + _problem.Placement.StagesOn(device).Sum(place => _problem.Activation[place.Stage] + _features.Sum(feature =>
            feature.HeldBesideActivation(_problem, place.Stage) + feature.HeldBeyondActivation(_problem, place.Stage))));

    private ImmutableArray<long> PerDevice(Func<int, long> units) => [.. Enumerable.Range(0, _problem.Devices).Select(units)];
}
