using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Layers.Replicas;

/// <summary>
/// Which stages would stand on several devices, as an analysis: schedules are of stages that stand on one. Dynamic programming over the layers and devices up
/// to a stage, in O(L^2 N^2).
/// </summary>
/// <remarks>
/// Source: Narayanan et al., PipeDream: Generalized Pipeline Parallelism for DNN Training (SOSP 2019), section 3.1. The time of a pipeline in its steady state
/// is that of its slowest stage; a stage of r replicas has a share of the microbatches on each, and sums up the gradients of its weights; a message goes
/// between stages for each microbatch, and a gradient back. As there, each of the three hides behind the slowest. Unlike there, an iteration sums up once,
/// since it ends with an optimizer step; a sum over a ring takes 2 (r - 1) messages of a part of r; and a replica holds as many microbatches as the devices
/// from its stage on have between them, ceil(devices / replicas), and no more than its share.
/// </remarks>
public sealed class StageReplication
{
    /// <summary>Digits after the point to which sizes over bandwidth are rounded, in the unit of the times.</summary>
    private const int Digits = 9;

    private readonly LayerCosts _costs;
    private readonly decimal[] _work, _gradients;
    private readonly decimal? _bandwidth, _room;
    private readonly decimal _latency;
    private readonly int _devices, _microbatches;
    private readonly bool _hasBackwards, _countsWeights;
    private readonly string _limit;

    /// <param name="request">A request with nothing wrong in it.</param>
    public StageReplication(ReplicaRequest request)
    {
        var (profile, communication) = (request.Profile, request.Profile.Times.Communication);
        (_devices, _microbatches, _hasBackwards) = (profile.Pipeline.Devices, profile.Pipeline.Microbatches, profile.Mode != IterationMode.Forward);
        _costs = new LayerCosts(profile.Layers!);
        _work = _hasBackwards ? [.. _costs.Work.Zip(_costs.Recompute, decimal.Add)] : _costs.Forward;
        _gradients = new decimal[_costs.Count + 1];
        var each = profile.Layers!.SelectMany((layer, index) => Enumerable.Repeat(layer.Frozen ? 0 : request.Gradients?[index] ?? 0, layer.Count));
        foreach (var (layer, size) in each.Index()) _gradients[layer + 1] = _gradients[layer] + size;
        var links = (from sender in Enumerable.Range(0, _devices)
                     from receiver in Enumerable.Range(0, _devices)
                     where sender != receiver
                     select (Latency: communication.Latency[sender, receiver], Bandwidth: communication.Bandwidth?[sender, receiver])).Distinct().ToList();
        // Which device a replica has is open: the slowest link speaks for all.
        (_latency, _bandwidth) = (links.Select(link => link.Latency).DefaultIfEmpty(0).Max(), links.Select(link => link.Bandwidth).Min());
        _limit = profile.Memory?.Limit is null ? "total" : "limit";
        _room = profile.RoomOfDevices() is { } room ? Enumerable.Range(0, _devices).Min(device => room[device]) : null;
        _countsWeights = profile.Memory?.Total is not null;
    }

    /// <summary>The best replication, and those that leave the choice out.</summary>
    /// <exception cref="InvalidProfileException">Devices have no room for any.</exception>
    public ReplicaComparison Compare() => Best(_ => true) is { } best
        ? new(best, Best(replicas => replicas == 1), Best(replicas => replicas == _devices))
        : throw new InvalidProfileException([new(
            $"$.profile.memory.{_limit}", "Leaves no room on any device for a stage, however layers and devices are dealt out.", ProfileErrorKind.Impossible)]);

    /// <summary>The stage of some layers on some devices; null where a device has no room for it.</summary>
    /// <param name="begin">Its first layer.</param>
    /// <param name="end">The end of its last.</param>
    /// <param name="replicas">The devices that it stands on.</param>
    /// <param name="upTo">The devices that it and the stages before it have.</param>
    internal ReplicatedStage? StageOf(int begin, int end, int replicas, int upTo)
    {
        var share = (_microbatches + replicas - 1) / replicas;
        var inFlight = Math.Min(share, (_devices - upTo + 2 * replicas - 1) / replicas);
        var kept = _hasBackwards ? Between(_costs.Kept, begin, end) : 0;
        var whole = Math.Max(Between(_costs.Activation, begin, end), Between(_costs.Passing, begin, end));
        var memory = inFlight * kept + whole - kept + (_countsWeights ? Between(_costs.Weights, begin, end) : 0);
        if (memory > _room) return null;
        var sum = !_hasBackwards || replicas == 1 ? 0 : 2 * (replicas - 1) * (_latency + TimeOf(Between(_gradients, begin, end) / replicas));
        var ways = _hasBackwards && end > _costs.Frozen ? 2 : 1;
        var messages = end == _costs.Count ? 0 : ways * _microbatches * (_latency + TimeOf(_costs.Output?[end] ?? 0));
        var work = share * Between(_work, begin, end);
        return new(begin, end - begin, replicas, work, sum, messages, memory, Math.Max(work, Math.Max(sum, messages)));
    }

    /// <summary>The least time of those replications whose stages have some numbers of replicas; null where there is none.</summary>
    private ReplicatedSplit? Best(Func<int, bool> mayHave)
    {
        var layers = _costs.Count;
        var shares = (from used in Enumerable.Range(1, _devices) from count in Enumerable.Range(1, used).Where(mayHave) select (used, count)).ToList();
        var (least, last) = (new decimal?[layers + 1, _devices + 1], new ReplicatedStage?[layers + 1, _devices + 1]);
        least[0, 0] = 0;
        for (var end = 1; end <= layers; end++)
        {
            foreach (var (upTo, replicas) in shares)
            {
                for (var begin = end - 1; begin >= 0; begin--)
                {
                    if (StageOf(begin, end, replicas, upTo) is not { } stage) break;
                    // A stage that begins earlier has more work still.
                    if (stage.Time >= least[end, upTo]) break;
                    if (least[begin, upTo - replicas] is not { } before) continue;
                    var time = Math.Max(before, stage.Time);
                    if (least[end, upTo] is { } known && known <= time) continue;
                    (least[end, upTo], last[end, upTo]) = (time, stage);
                }
            }
        }

        if (last[layers, _devices] is null) return null;
        var stages = new List<ReplicatedStage>();
        for (var (end, upTo) = (layers, _devices); end > 0;)
        {
            stages.Add(last[end, upTo]!);
            (end, upTo) = (stages[^1].First, upTo - stages[^1].Replicas);
        }

        stages.Reverse();
        return new([.. stages], least[layers, _devices]!.Value);
    }

    private decimal TimeOf(decimal size) => _bandwidth is { } bandwidth ? decimal.Round(size / bandwidth, Digits) : 0;

    private static decimal Between(decimal[] sums, int begin, int end) => sums[end] - sums[begin];
}
