using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Evaluation;

/// <summary>Measured durations as multiples of the profile's.</summary>
internal sealed class SampleFactors
{
    private readonly double[]?[][] _factors;

    /// <summary>Cost: linear in the samples.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="samples">Samples that go with it.</param>
    public SampleFactors(Problem problem, DurationSamples samples)
    {
        Count = samples.Count;
        _factors = new double[]?[Enum.GetValues<SampledPart>().Length][];
        Set(SampledPart.Forward, samples.Forward, stage => problem.Forward[stage]);
        if (samples.Backward is { } whole)
        {
            Set(SampledPart.BackwardInput, whole, stage => problem.BackwardInput[stage] + problem.BackwardWeight[stage]);
            _factors[(int)SampledPart.BackwardWeight] = _factors[(int)SampledPart.BackwardInput];
        }
        else
        {
            Set(SampledPart.BackwardInput, samples.BackwardInput, stage => problem.BackwardInput[stage]);
            Set(SampledPart.BackwardWeight, samples.BackwardWeight, stage => problem.BackwardWeight[stage]);
        }

        void Set(SampledPart part, ImmutableArray<ImmutableArray<decimal>>? lists, Func<int, long> ticksOf) =>
            _factors[(int)part] = [.. Enumerable.Range(0, problem.Stages).Select(stage => lists is { } given && ticksOf(stage) is > 0 and var ticks
                ? given[stage].Select(sample => (double)(sample / problem.TimeScale.FromTicks(ticks))).ToArray()
                : null)];
    }

    /// <summary>The microbatches that were measured.</summary>
    public int Count { get; }

    /// <summary>What multiplies the duration of a part on a stage, by a measured microbatch; 1 where it was not measured.</summary>
    public double Of(SampledPart part, int stage, int row) => _factors[(int)part][stage] is { } factors ? factors[row] : 1;

    /// <summary>The mean of the same over the measured microbatches.</summary>
    public double MeanOf(SampledPart part, int stage) => part != SampledPart.None && _factors[(int)part][stage] is { } factors ? factors.Average() : 1;
}
