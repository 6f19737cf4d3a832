using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Microbatches;

/// <summary>The factors of a profile's microbatches in thousandths, so that what they make of ticks and memory units is whole.</summary>
internal sealed class MicrobatchFactors
{
    /// <summary>One, in thousandths. Ticks and units that are scaled are multiples of it.</summary>
    public const int One = FactorMember<MicrobatchCost>.PartsOfOne;

    /// <param name="profile">A profile with nothing wrong in it.</param>
    public MicrobatchFactors(Profile profile)
    {
        var (scale, count) = (profile.MicrobatchScale ?? profile.Microbatches?.AsScale(), profile.Pipeline.Microbatches);
        Forward = Of(scale?.Forward);
        Backward = Of(scale?.Backward ?? scale?.Forward);
        Activation = Of(scale?.Activation);
        AreUnequal = scale is not null && !AreOne(scale);

        long[] Of(ImmutableArray<decimal>? factors) =>
            factors is { } given ? [.. given.Select(factor => (long)(factor * One))] : [.. Enumerable.Repeat((long)One, count)];
    }

    /// <summary>Whether all factors are 1.</summary>
    public static bool AreOne(MicrobatchScale scale) =>
        new[] { scale.Forward, scale.Backward, scale.Activation }.All(factors => factors is not { } given || given.All(factor => factor == 1));

    /// <summary>Of forwards and what runs upward with them, by microbatch.</summary>
    public long[] Forward { get; }

    /// <summary>Of both gradients and what runs downward with them.</summary>
    public long[] Backward { get; }

    /// <summary>Of memory.</summary>
    public long[] Activation { get; }

    /// <summary>Whether any of them is not 1.</summary>
    public bool AreUnequal { get; }
}
