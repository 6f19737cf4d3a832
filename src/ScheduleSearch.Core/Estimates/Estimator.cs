using System.Collections.Immutable;
using ScheduleSearch.Core.Estimates.Costs;
using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Ranks;
using ScheduleSearch.Core.Estimates.Requests;
using ScheduleSearch.Core.Features.Layers;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Estimates;

/// <summary>Makes estimates.</summary>
public static class Estimator
{
    /// <summary>Digits that a profile takes behind the point.</summary>
    private const int Decimals = 6;

    /// <summary>The largest number that a profile takes.</summary>
    private const double Most = 1e12;

    /// <summary>The estimate of a request.</summary>
    /// <param name="request">What is asked, as <c>EstimateJson</c> takes it.</param>
    /// <exception cref="InvalidProfileException">A number is larger than a profile can state.</exception>
    public static Estimate Of(EstimateRequest request)
    {
        var works = ModelLayers.Of(request);
        ImmutableArray<LayerEstimate> layers = [.. works.Select(work => Layer(request, work))];
        var ranks = RankTable.Of(request, works);
        var (communication, formula) = Message(request);
        return new(
            Profile(request, layers, communication), formula, layers, Count(request, works), ranks, request.Device,
            [.. EstimateWarnings.Of(request, works, ranks)]);
    }

    private static Profile Profile(EstimateRequest request, ImmutableArray<LayerEstimate> layers, decimal communication) => new()
    {
        Name = request.Name,
        Pipeline = request.Pipeline,
        Times = new() { Unit = TimeUnit.ms, Forward = 0, BackwardInput = 0, BackwardWeight = 0, Communication = communication },
        Memory = new() { Unit = MemoryUnit.GiB, Total = (decimal)request.Device.Memory },
        Layers = [.. layers.Select(layer => new ModelLayer
        {
            Name = layer.Name,
            Count = layer.Count,
            Forward = layer.Forward,
            BackwardInput = layer.BackwardInput,
            BackwardWeight = layer.BackwardWeight,
            Activation = layer.Activation,
            Retained = layer.Retained,
            Weights = layer.Weights,
        })],
    };

    private static LayerEstimate Layer(EstimateRequest request, LayerWork work)
    {
        var times = LayerTimes.Of(request, work);
        return new(
            work.Name,
            Words.Of(work.Kind),
            work.Count,
            work.Parameters + work.ExpertParameters - work.SharedParameters,
            Milliseconds(times.Forward.Value),
            Milliseconds(times.BackwardInput.Value),
            Milliseconds(times.BackwardWeight.Value),
            GiB(work.Activation.Value),
            GiB(work.Retained.Value),
            Bytes.ToGiB(ParameterState.Of(request, work).Bytes, Decimals),
            times.Forward.Value == 0 ? 0 : Math.Round(times.Exchange / times.Forward.Value, Decimals),
            new(
                times.Forward.Formula,
                times.BackwardInput.Formula,
                times.BackwardWeight.Formula,
                work.Activation.Formula,
                work.Retained.Formula,
                ParameterState.Formula(request, work)));
    }

    private static ParameterCount Count(EstimateRequest request, IReadOnlyList<LayerWork> works)
    {
        var total = works.Sum(work => work.Count * (work.Parameters + work.ExpertParameters - work.SharedParameters));
        var resting = request.Model.Experts is { } experts
            ? works.Sum(work => work.Count * work.ExpertParameters / experts.Count * (experts.Count - experts.TopK))
            : 0;
        return new(total, total - resting);
    }

    /// <summary>What a stage hands on, over the network unless all devices are one node.</summary>
    private static (decimal Milliseconds, string Formula) Message(EstimateRequest request)
    {
        var (parallel, hidden, bytes) = (request.Parallel, request.Model.Hidden, request.ActivationBytes);
        var devices = (long)parallel.Tensor * parallel.Context * parallel.Data * request.Pipeline.Devices;
        var rate = request.Device.BandwidthToOne((int)Math.Min(devices, int.MaxValue));
        var time = Milliseconds(request.MessageBytes / (rate * 1e9));
        var divided = parallel.Whole == 1 ? "" : $"/{parallel.Whole}";
        return (time, $"{Quantity.Plain(request.Tokens)} tokens·{hidden}·{bytes} bytes{divided} at {Quantity.Plain(rate)} GB/s");
    }

    private static decimal Milliseconds(double seconds) => Number(seconds * 1000, "ms");

    private static decimal GiB(double bytes) => Number(bytes / (1L << 30), "GiB");

    private static decimal Number(double value, string unit)
    {
        if (value <= Most) return decimal.Round((decimal)value, Decimals);
        var message = $"A layer comes to {Quantity.Short(value)}{unit}; a profile states at most 10^12.";
        throw new InvalidProfileException([new("$", message, ProfileErrorKind.Impossible)]);
    }
}
