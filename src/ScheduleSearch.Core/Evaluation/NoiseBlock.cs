using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Evaluation;

/// <summary>
/// What multiplies durations, and what messages take longer, in <see cref="Width"/> consecutive replays, which lie side by side so that they are replayed
/// together. Drawn once for all orders.
/// </summary>
internal sealed class NoiseBlock
{
    /// <summary>The replays of a block: as many vectors as there are, and few enough for an order's times to stay in a core's cache.</summary>
    public const int Width = 16;

    private readonly Draws _draws;
    private readonly NoiseKeys _keys;
    private readonly Noise _noise;
    private readonly double _spike;
    private readonly double[] _factors;
    private readonly double[] _spikes;
    private readonly Lognormal[] _own;
    private readonly Lognormal[] _ofStages;
    private readonly Lognormal _ofMicrobatches;
    private readonly double[] _stages;
    private readonly double[] _microbatches;
    private readonly int[] _rows;
    private readonly SampleFactors? _samples;

    /// <summary>Room for the numbers of some keys. Cost: linear in the samples.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="noise">The noise, which goes with the problem.</param>
    /// <param name="seed">The draws' seed.</param>
    /// <param name="keys">What the orders of the problem need, all of them.</param>
    public NoiseBlock(Problem problem, Noise noise, long seed, NoiseKeys keys)
    {
        (_draws, _noise, _keys) = (new Draws(seed), noise, keys);
        _spike = _noise.Spikes is { } spikes ? (double)(spikes.Size / problem.TimeScale.FromTicks(1)) : 0;
        _factors = new double[keys.Factors.Count * Width];
        _spikes = new double[keys.Messages.Count * Width];
        _own = [.. Enumerable.Range(0, problem.Stages).Select(stage => Lognormal.Of(_noise.Operation[stage]))];
        _ofStages = [.. Enumerable.Range(0, problem.Stages).Select(stage => Lognormal.Of(_noise.Stage[stage]))];
        _ofMicrobatches = Lognormal.Of(_noise.Microbatch);
        _stages = new double[problem.Stages * Width];
        (_microbatches, _rows) = (new double[problem.Microbatches * Width], new int[problem.Microbatches * Width]);
        _samples = _noise.Samples is { } samples ? new SampleFactors(problem, samples) : null;
        _factors.AsSpan(NoiseKeys.One * Width, Width).Fill(1);
    }

    /// <summary>What multiplies durations: by key, a number for each replay.</summary>
    public ReadOnlySpan<Vector<double>> Factors => MemoryMarshal.Cast<double, Vector<double>>(_factors);

    /// <summary>Ticks that messages take longer: by message, a number for each replay.</summary>
    public ReadOnlySpan<double> Spikes => _spikes;

    /// <summary>What multiplies durations of a key in one replay.</summary>
    public double FactorOf(int key, int lane) => _factors[key * Width + lane];

    /// <summary>What the durations of each device are multiplied by in every replay.</summary>
    public static double[] SpeedsOf(Problem problem, Noise noise)
    {
        var speeds = new double[problem.Devices];
        Array.Fill(speeds, 1);
        foreach (var slow in noise.SlowDevices) speeds[slow.Device] = slow.Factor;
        return speeds;
    }

    /// <summary>
    /// Has the mean of each factor over the replays of some blocks be the mean of what it is drawn of: what few draws miss of it is divided out. A factor
    /// that is 0 in all of them is that mean in each.
    /// </summary>
    public static void Balance(IReadOnlyList<NoiseBlock> blocks)
    {
        var keys = blocks[0]._keys.Factors;
        for (var number = NoiseKeys.One + 1; number < keys.Count; number++)
        {
            var mean = blocks[0]._samples?.MeanOf(keys[number].Part, keys[number].Stage) ?? 1;
            var drawn = 0.0;
            foreach (var block in blocks)
            {
                foreach (var factor in block.FactorsOf(number)) drawn += factor;
            }

            drawn /= blocks.Count * Width;
            foreach (var block in blocks)
            {
                foreach (ref var factor in block.FactorsOf(number)) factor = drawn == 0 ? mean : factor * (mean / drawn);
            }
        }
    }

    /// <summary>Draws the numbers of the replays from one on. Cost: linear in the keys.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Draw(int firstReplay)
    {
        DrawShared(firstReplay);
        Span<double> normal = stackalloc double[Width];
        for (var number = NoiseKeys.One + 1; number < _keys.Factors.Count; number++)
        {
            var key = _keys.Factors[number];
            var own = _own[key.Stage];
            var factors = _factors.AsSpan(number * Width, Width);
            var stages = _stages.AsSpan(key.Stage * Width, Width);
            var microbatches = _microbatches.AsSpan(key.Microbatch * Width, Width);
            if (own.IsConstant)
            {
                for (var lane = 0; lane < Width; lane++) factors[lane] = Math.Exp(stages[lane] + microbatches[lane]);
            }
            else
            {
                _draws.Normal(key.OwnDraw, firstReplay, normal);
                for (var lane = 0; lane < Width; lane++) factors[lane] = Math.Exp(stages[lane] + microbatches[lane] + own.LogOf(normal[lane]));
            }

            if (_samples is null || key.Part == SampledPart.None) continue;
            for (var lane = 0; lane < Width; lane++) factors[lane] *= _samples.Of(key.Part, key.Stage, _rows[key.Microbatch * Width + lane]);
        }

        for (var message = 0; message < _keys.Messages.Count; message++)
        {
            var spikes = _spikes.AsSpan(message * Width, Width);
            _draws.Uniform(_keys.Messages[message], firstReplay, spikes);
            for (var lane = 0; lane < Width; lane++) spikes[lane] = spikes[lane] < _noise.Spikes!.Probability ? _spike : 0;
        }
    }

    private Span<double> FactorsOf(int key) => _factors.AsSpan(key * Width, Width);

    private void DrawShared(int firstReplay)
    {
        for (var stage = 0; stage < _ofStages.Length; stage++)
            DrawLogs(_ofStages[stage], NoiseKey.DrawOf(DrawSource.Stage, stage), firstReplay, _stages.AsSpan(stage * Width, Width));
        Span<double> uniform = stackalloc double[Width];
        for (var microbatch = 0; microbatch * Width < _microbatches.Length; microbatch++)
        {
            DrawLogs(
                _ofMicrobatches, NoiseKey.DrawOf(DrawSource.Microbatch, microbatch: microbatch), firstReplay,
                _microbatches.AsSpan(microbatch * Width, Width));
            if (_samples is null) continue;
            _draws.Uniform(NoiseKey.DrawOf(DrawSource.Sample, microbatch: microbatch), firstReplay, uniform);
            for (var lane = 0; lane < Width; lane++) _rows[microbatch * Width + lane] = (int)(uniform[lane] * _samples.Count);
        }
    }

    private void DrawLogs(Lognormal distribution, ulong key, int firstReplay, Span<double> logs)
    {
        if (distribution.IsConstant) return;
        _draws.Normal(key, firstReplay, logs);
        for (var lane = 0; lane < Width; lane++) logs[lane] = distribution.LogOf(logs[lane]);
    }
}
