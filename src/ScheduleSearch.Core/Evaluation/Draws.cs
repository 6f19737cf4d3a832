using System.Runtime.CompilerServices;

namespace ScheduleSearch.Core.Evaluation;

/// <summary>
/// Random numbers by name: what is drawn for a key in a replay does not depend on what else is drawn, so that all orders of a problem meet the same
/// durations. The mixing is that of SplitMix64: Steele, Lea and Flood, Fast splittable pseudorandom number generators, OOPSLA 2014.
/// </summary>
internal readonly struct Draws(long seed)
{
    private const ulong Step = 0x9e3779b97f4a7c15;

    private readonly ulong _seed = Mix(unchecked((ulong)seed + Step));

    /// <summary>What is drawn by a key in consecutive replays, each above 0 and below 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Uniform(ulong key, int firstReplay, Span<double> values)
    {
        var stream = Mix(_seed ^ key);
        for (var index = 0; index < values.Length; index++)
        {
            var bits = Mix(unchecked(stream + (ulong)(firstReplay + index + 1) * Step));
            values[index] = ((bits >> 11) + 0.5) / (1UL << 53);
        }
    }

    /// <summary>The same of the standard normal distribution.</summary>
    public void Normal(ulong key, int firstReplay, Span<double> values)
    {
        Uniform(key, firstReplay, values);
        for (var index = 0; index < values.Length; index++) values[index] = NormalQuantile.Of(values[index]);
    }

    private static ulong Mix(ulong bits)
    {
        unchecked
        {
            bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
            bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
            return bits ^ (bits >> 31);
        }
    }
}
