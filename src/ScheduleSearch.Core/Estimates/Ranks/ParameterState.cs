using ScheduleSearch.Core.Estimates.Costs;
using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Requests;

namespace ScheduleSearch.Core.Estimates.Ranks;

/// <summary>What one device keeps of a layer's parameters, in bytes.</summary>
/// <param name="Parameters">How many parameters the device has.</param>
/// <param name="Weights">Their weights.</param>
/// <param name="Gradients">Their gradients.</param>
/// <param name="Optimizer">The optimizer's state, a copy of the weights in single precision with it where they have less.</param>
internal readonly record struct ParameterState(decimal Parameters, decimal Weights, decimal Gradients, decimal Optimizer)
{
    private const int SingleBytes = 4;

    /// <summary>All of it.</summary>
    public decimal Bytes => Weights + Gradients + Optimizer;

    public static ParameterState operator +(ParameterState one, ParameterState other) => new(
        one.Parameters + other.Parameters, one.Weights + other.Weights, one.Gradients + other.Gradients, one.Optimizer + other.Optimizer);

    /// <summary>The same of several equal layers.</summary>
    public static ParameterState operator *(int count, ParameterState state) =>
        new(count * state.Parameters, count * state.Weights, count * state.Gradients, count * state.Optimizer);

    /// <summary>The state of a layer.</summary>
    public static ParameterState Of(EstimateRequest request, LayerWork work)
    {
        var (parallel, optimizer) = (request.Parallel, request.Optimizer);
        var replicas = parallel.Data * parallel.Context;
        // Experts that are reached by indexing share the tensor-parallel group, in the place of its cutting them.
        var (parts, replicasOfExperts) = request.Moe.Dispatch == ExpertDispatch.AllReduce
            ? (parallel.Tensor, replicas)
            : (parallel.Tensor * parallel.Expert, replicas / parallel.Expert);
        return Of(work.Parameters / parallel.Tensor, request, replicas) + Of(work.ExpertParameters / parts, request, replicasOfExperts);
    }

    /// <summary>What is kept of a parameter, as formulas have it.</summary>
    public static string Formula(EstimateRequest request, LayerWork work)
    {
        var (weight, optimizer) = (request.ActivationBytes, StateBytes(request));
        var (state, tensor) = (Of(request, work), request.Parallel.Tensor);
        var word = Words.Of(request.Optimizer.Sharding);
        var sharding = request.Optimizer.Sharding == StateSharding.None ? "" : $", {word} over {request.Parallel.Data * request.Parallel.Context}";
        var experts = work.ExpertParameters == 0 ? "" : $" and {Quantity.Plain((double)work.ExpertParameters)} of experts dealt to {request.Parallel.Expert}";
        return $"{Quantity.Plain((double)work.Parameters)} parameters{(tensor == 1 ? "" : $"/{tensor}")}{experts}: "
            + $"{Quantity.Plain((double)state.Parameters)} here · "
            + $"({weight} weight + {request.Optimizer.GradientBytes} gradient + {optimizer} optimizer bytes{sharding})";
    }

    private static ParameterState Of(decimal parameters, EstimateRequest request, int replicas)
    {
        var sharding = request.Optimizer.Sharding;
        return new(
            parameters,
            Share(request.ActivationBytes, sharding is StateSharding.Zero3),
            Share(request.Optimizer.GradientBytes, sharding is StateSharding.Zero2 or StateSharding.Zero3),
            Share(StateBytes(request), sharding is not StateSharding.None));

        decimal Share(int bytes, bool shared) => parameters * bytes / (shared ? replicas : 1);
    }

    private static int StateBytes(EstimateRequest request)
    {
        var moments = request.Optimizer.Name switch
        {
            OptimizerKind.Adam => 2,
            OptimizerKind.Momentum => 1,
            OptimizerKind.Sgd => 0,
            _ => throw new ArgumentOutOfRangeException(nameof(request)),
        };
        var copy = request.ActivationBytes < SingleBytes ? 1 : 0;
        return SingleBytes * (moments + copy);
    }
}
