using System.Collections.Immutable;

namespace ScheduleSearch.Core.Profiles;

/// <summary>
/// Measured durations, in the profile's unit of time. Each member has a list for each stage, and all lists are of one length: what stands at the same place
/// was measured of the same microbatch, and is drawn together, so that a long microbatch is long on all stages.
/// </summary>
public sealed record DurationSamples
{
    /// <summary>Of forwards: a list for each stage.</summary>
    /// <example>[[18.5, 19.1, 18.7], [18.2, 18.9, 18.4]]</example>
    public ImmutableArray<ImmutableArray<decimal>>? Forward { get; init; }

    /// <summary>Of whole backwards; parts of one take their shares of it as the profile has them. In the place of the next two.</summary>
    /// <example>[[36.1, 38.0, 36.4], [35.9, 37.7, 36.2]]</example>
    public ImmutableArray<ImmutableArray<decimal>>? Backward { get; init; }

    /// <summary>Of input gradients: a list for each stage.</summary>
    public ImmutableArray<ImmutableArray<decimal>>? BackwardInput { get; init; }

    /// <summary>Of weight gradients: a list for each stage.</summary>
    public ImmutableArray<ImmutableArray<decimal>>? BackwardWeight { get; init; }

    /// <summary>The members that are given, by their names in JSON.</summary>
    internal IEnumerable<(string Name, ImmutableArray<ImmutableArray<decimal>> Lists)> Members()
    {
        if (Forward is { } forward) yield return ("forward", forward);
        if (Backward is { } backward) yield return ("backward", backward);
        if (BackwardInput is { } input) yield return ("backwardInput", input);
        if (BackwardWeight is { } weight) yield return ("backwardWeight", weight);
    }

    /// <summary>The microbatches that were measured.</summary>
    internal int Count => Members().First().Lists[0].Length;
}
