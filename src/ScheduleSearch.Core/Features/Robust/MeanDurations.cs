using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Robust;

/// <summary>The means of what noise draws. Factors have the mean 1: only slow devices and measured durations move them.</summary>
internal static class MeanDurations
{
    private const int MostDigits = 6;

    /// <summary>A problem's profile with the means in the place of its times, none of them rounded up.</summary>
    public static Profile Of(Problem problem)
    {
        if (problem.Robust is not { Noise: { SlowDevices: var slow, Samples: var samples } } || (slow.IsEmpty && samples is null)) return problem.Profile;
        var times = problem.Profile.Times;
        var grain = Pow10(Math.Min(MostDigits, problem.TimeScale.Digits));
        var backward = Ratio(samples?.Backward, stage => times.BackwardInput[stage] + times.BackwardWeight[stage]);
        return problem.Profile with
        {
            Times = times with
            {
                Forward = Means(times.Forward, Ratio(samples?.Forward, stage => times.Forward[stage])),
                BackwardInput = Means(times.BackwardInput, Ratio(samples?.BackwardInput, stage => times.BackwardInput[stage]) ?? backward),
                BackwardWeight = Means(times.BackwardWeight, Ratio(samples?.BackwardWeight, stage => times.BackwardWeight[stage]) ?? backward),
            },
        };

        StageValues Means(StageValues given, Func<int, decimal>? ratio) => StageValues.Each(Enumerable.Range(0, problem.Stages).Select(stage =>
            decimal.Floor(given[stage] * (ratio?.Invoke(stage) ?? 1) * SpeedOf(stage) * grain) / grain));

        decimal SpeedOf(int stage)
        {
            var device = problem.Placement.DeviceOf(0, stage);
            return (decimal)(slow.FirstOrDefault(each => each.Device == device)?.Factor ?? 1);
        }
    }

    /// <summary>What the mean of measured durations is of the profile's, by stage; null where none are given.</summary>
    private static Func<int, decimal>? Ratio(ImmutableArray<ImmutableArray<decimal>>? lists, Func<int, decimal> time) =>
        lists is { } given ? stage => time(stage) is > 0 and var planned ? given[stage].Average() / planned : 1 : null;

    private static decimal Pow10(int digits) => Enumerable.Repeat(10m, digits).Aggregate(1m, (product, ten) => product * ten);
}
