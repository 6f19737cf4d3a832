using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Requests;

namespace ScheduleSearch.Core.Estimates.Costs;

/// <summary>
/// Seconds of a layer's operations on a microbatch: products at a share of the peak, then what memory bounds at a share of its bandwidth, then what travels.
/// </summary>
/// <param name="Forward">The forward.</param>
/// <param name="BackwardInput">The input gradient, with what is recomputed for it.</param>
/// <param name="BackwardWeight">The weight gradient.</param>
/// <param name="Exchange">Of the forward, what the exchange of tokens with experts adds to computing them.</param>
internal sealed record LayerTimes(Quantity Forward, Quantity BackwardInput, Quantity BackwardWeight, double Exchange)
{
    /// <summary>The times of a layer.</summary>
    public static LayerTimes Of(EstimateRequest request, LayerWork work)
    {
        var rates = new Rates(request);
        var experts = rates.Products(work.Experts);
        var (exchanged, exchange) = Overlapped(experts, work.Exchange, request.Moe.OverlapDegree);
        var attention = rates.Products(work.AttentionProducts).Value;
        var (beside, besideBackward) = (
            attention + rates.Scores(work.Scores).Value, 2 * attention + rates.Scores(work.ScoresBackward).Value);
        var forward = Sum(
        [
            rates.Products(work.Products), rates.Scores(work.Scores), rates.Memory(work.Traffic), rates.Memory(work.ScoreTraffic), exchanged,
            work.Collectives, Beyond(work.Gather, beside),
        ]);
        List<Quantity> backward =
        [
            rates.Products(work.Products), rates.Scores(work.ScoresBackward), rates.Memory(work.TrafficBackward), exchanged, work.Collectives,
            Beyond(work.Gather + work.Scatter, besideBackward),
        ];
        var isDecoder = work.Kind is LayerKind.Dense or LayerKind.Moe or LayerKind.Mtp;
        if (isDecoder && request.Recompute == Recomputation.Full) backward.Add(new(forward.Value, $"recomputed: the forward's {Milliseconds(forward.Value)}"));
        else if (isDecoder && request is { Recompute: Recomputation.Selective, Attention: AttentionKernel.Eager })
            backward.AddRange([Again(rates.Scores(work.Scores)), Again(rates.Memory(work.ScoreTraffic))]);
        return new(
            forward,
            work.Kind == LayerKind.Embedding ? new(0, "0: ids have no gradient") : Sum(backward),
            Sum([rates.Products(work.Products), experts, rates.Memory(work.TrafficOfWeights)]),
            exchange);
    }

    /// <summary>Of what travels beside the products and scores of attention, what takes longer than they do.</summary>
    private static Quantity Beyond(Quantity travel, double beside) => travel.Value == 0 ? travel
        : new(Math.Max(0, travel.Value - beside), $"{travel.Formula}, of which attention covers {Milliseconds(Math.Min(beside, travel.Value))}");

    private static Quantity Again(Quantity time) => new(time.Value, $"recomputed {time.Formula}");

    /// <summary>
    /// Computing and travelling in parts: the longer of the two, and of the shorter the one part that nothing overlaps with. Of one part, their sum.
    /// </summary>
    private static (Quantity Both, double Added) Overlapped(Quantity experts, Quantity exchange, int parts)
    {
        if (exchange.Value == 0) return (experts, 0);
        var both = Math.Max(experts.Value, exchange.Value) + Math.Min(experts.Value, exchange.Value) / parts;
        var text = parts == 1 ? Quantity.Joined([experts.Formula, exchange.Formula])
            : $"{experts.Formula}; {exchange.Formula}; in {parts} parts max + min/{parts} = {Milliseconds(both)}";
        return (new(both, text), both - experts.Value);
    }

    private static Quantity Sum(IReadOnlyList<Quantity> times)
    {
        var seconds = times.Sum(time => time.Value);
        return new(seconds, seconds == 0 ? "0" : $"{Quantity.Joined(times.Select(time => time.Formula))}; in all {Milliseconds(seconds)}");
    }

    private static string Milliseconds(double seconds) => $"{Quantity.Plain(seconds * 1000)} ms";

    private readonly struct Rates(EstimateRequest request)
    {
        private readonly DeviceModel _device = request.Device;

        public Quantity Products(Quantity work) => Computed(work, _device.FlopsWith(request.Dtype)!.Value);

        // Eight bits are for products with weights.
        public Quantity Scores(Quantity work) =>
            Computed(work, _device.FlopsWith(request.Dtype == NumberType.Fp8 ? NumberType.Bf16 : request.Dtype) ?? _device.FlopsWith(request.Dtype)!.Value);

        public Quantity Memory(Quantity work) => work.Value == 0 ? Quantity.None : new(
            work.Value / (_device.MemoryBandwidth * 1e9 * _device.MemoryEfficiency),
            $"{work.Formula} at {Quantity.Plain(_device.MemoryBandwidth)} GB/s · {Quantity.Plain(_device.MemoryEfficiency)}");

        private Quantity Computed(Quantity work, double rate) => work.Value == 0 ? Quantity.None : new(
            work.Value / (rate * _device.Efficiency), $"{work.Formula} at {Quantity.Short(rate)}FLOP/s · {Quantity.Plain(_device.Efficiency)}");
    }
}
