using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Tests.Evaluation;

/// <summary>What <see cref="Noise"/> says, drawn with the runtime's own generator and replayed plainly. Of problems without features.</summary>
internal sealed class PlainNoise(Timeline timeline, Noise noise, int seed)
{
    private readonly Random _random = new(seed);
    private readonly PlainReplay _replay = new(timeline.Schedule);

    /// <summary>The length of the next replay, in ticks.</summary>
    public double Next()
    {
        var (graph, problem) = (_replay.Graph, timeline.Schedule.Problem);
        double[] stages = [.. Enumerable.Range(0, problem.Stages).Select(stage => Lognormal(noise.Stage[stage]))];
        double[] microbatches = [.. Enumerable.Range(0, problem.Microbatches).Select(_ => Lognormal(noise.Microbatch))];
        var measured = noise.Samples?.Forward!.Value[0].Length ?? 1;
        int[] rows = [.. Enumerable.Range(0, problem.Microbatches).Select(_ => _random.Next(measured))];
        var own = new double[2, problem.Stages, problem.Microbatches];
        var durations = new double[graph.Count];
        for (var index = 0; index < durations.Length; index++)
        {
            var (operation, device) = (graph.Operations[index], graph.DeviceOf(index));
            var (stage, microbatch) = (operation.Stage, operation.Microbatch);
            // A fused backward and both gradients of a split one have one factor.
            ref var factor = ref own[operation.IsForward ? 0 : 1, stage, microbatch];
            if (factor == 0) factor = Lognormal(noise.Operation[stage]);
            durations[index] = graph.Durations[index] * stages[stage] * microbatches[microbatch] * factor * Sample(operation, rows[microbatch])
                * (noise.SlowDevices.FirstOrDefault(slow => slow.Device == device)?.Factor ?? 1);
        }

        var size = (double)((noise.Spikes?.Size ?? 0) / problem.TimeScale.FromTicks(1));
        return _replay.Length(index => durations[index], edge => edge.Lag + (IsSpike(edge) ? size : 0), timeline);

        // Each edge is asked for once in a replay.
        bool IsSpike(Edge edge) =>
            noise.Spikes is { } spikes && graph.LaneOf[edge.From] != graph.LaneOf[edge.To] && _random.NextDouble() < spikes.Probability;
    }

    private double Sample(Operation operation, int row)
    {
        if (noise.Samples is not { } samples) return 1;
        var (times, stage) = (timeline.Schedule.Problem.Profile.Times, operation.Stage);
        return operation.IsForward
            ? (double)(samples.Forward!.Value[stage][row] / times.Forward[stage])
            : (double)(samples.Backward!.Value[stage][row] / (times.BackwardInput[stage] + times.BackwardWeight[stage]));
    }

    private double Lognormal(decimal variation)
    {
        if (variation == 0) return 1;
        var variance = Math.Log(1 + Math.Pow((double)variation, 2));
        var normal = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
        return Math.Exp(-variance / 2 + Math.Sqrt(variance) * normal);
    }
}
