using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Storage;

/// <summary>What a search may spend: seconds, or work units, each a budget of its own kind; and the gap at which it may stop.</summary>
/// <param name="Seconds">Seconds that must have been spent; 0 when work is asked for instead.</param>
/// <param name="Work">Work units that must have been spent at once; 0 when seconds are asked for.</param>
/// <param name="Gap">The gap that is good enough.</param>
/// <param name="Seed">Seed of the search.</param>
internal readonly record struct Budget(double Seconds, long Work, double Gap, int Seed)
{
    /// <summary>What a quick pass spends: a first schedule is all that is wanted.</summary>
    public static Budget Quick(int seed) => new(0, 0, 1, seed);

    /// <summary>The budget that options ask for. A family asked for by name is made by the quick pass, and nothing is searched.</summary>
    public static Budget Of(SolveOptions options) => options.Family is not null
        ? Quick(options.Seed)
        : new(options.WorkLimit is null ? options.TimeLimitSeconds : 0, options.WorkLimit ?? 0, options.TargetGap, options.Seed);

    /// <summary>Whether what is stored answers at once: optimal, within the gap, or no better after the same budget.</summary>
    public bool IsMetBy(Progress progress) =>
        progress.Incumbent is not null
        && (progress.IsOptimal || progress.Gap <= Gap || (progress.Spent.Seconds >= Seconds && progress.Spent.Work >= Work));

    /// <inheritdoc cref="IsMetBy(Progress)"/>
    public bool IsMetBy(StoredSchedule stored) => IsMetBy(stored.Progress);

    /// <summary>Whether a search on this budget gives another all that it asks for.</summary>
    public bool Covers(Budget other) => Seconds >= other.Seconds && Work >= other.Work && Gap <= other.Gap;

    /// <summary>The least budget that covers both.</summary>
    public Budget With(Budget other) =>
        new(Math.Max(Seconds, other.Seconds), Math.Max(Work, other.Work), Math.Min(Gap, other.Gap), other.Seed);
}
