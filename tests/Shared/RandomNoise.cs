using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Tests.Shared;

/// <summary>Noise of every kind that goes with a problem without features.</summary>
internal static class RandomNoise
{
    /// <summary>A problem with its schedules judged by a statistic under some noise.</summary>
    public static Problem Next(Random random, Problem problem, Statistic? statistic = null) => Problem.Of(
        problem.Profile,
        new SolveOptions
        {
            Objective = problem.Objective,
            SplitBackward = problem.SplitBackward,
            Noise = Next(random, problem.Stages, problem.Devices, problem.Profile.Times),
            Statistic = statistic ?? (random.Next(2) == 0 ? Statistic.Mean : Statistic.P95),
        },
        ProblemLimits.None);

    private static Noise Next(Random random, int stages, int devices, OperationTimes times) => new()
    {
        Operation = random.Next(2) == 0 ? random.Next(5) / 10m : StageValues.Each(Enumerable.Range(0, stages).Select(_ => random.Next(5) / 10m)),
        Stage = random.Next(3) / 10m,
        Microbatch = random.Next(4) / 10m,
        SlowDevices = random.Next(3) == 0 ? [new() { Device = random.Next(devices), Factor = 0.5 + random.NextDouble() }] : [],
        Spikes = random.Next(3) == 0 ? new() { Probability = 0.2, Size = random.Next(1, 5) } : null,
        Samples = random.Next(3) == 0 ? Samples(random, stages, times) : null,
    };

    private static DurationSamples Samples(Random random, int stages, OperationTimes times)
    {
        var count = random.Next(1, 12);
        return new()
        {
            Forward = Lists(stage => times.Forward[stage]),
            Backward = random.Next(2) == 0 ? Lists(stage => times.BackwardInput[stage] + times.BackwardWeight[stage]) : null,
        };

        ImmutableArray<ImmutableArray<decimal>> Lists(Func<int, decimal> time) =>
        [
            .. Enumerable.Range(0, stages).Select(stage =>
                Enumerable.Range(0, count).Select(_ => time(stage) * random.Next(1, 40) / 20).ToImmutableArray()),
        ];
    }
}
