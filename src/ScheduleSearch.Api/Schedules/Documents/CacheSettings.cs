using System.ComponentModel.DataAnnotations;

namespace ScheduleSearch.Api.Schedules.Documents;

/// <summary>How much is kept in memory of what rows answer: the section <c>Cache</c> of the configuration.</summary>
internal sealed class CacheSettings
{
    /// <summary>Most bytes of rendered answers and rebuilt schedules.</summary>
    [Range(0, int.MaxValue)]
    public int MaxBytes { get; init; } = 64 << 20;

    /// <summary>Large schedules that are rebuilt or rendered at the same time; the others wait for their turn.</summary>
    [Range(1, 64)]
    public int LargeCreations { get; init; } = 2;

    /// <summary>Problems whose families are compared at the same time; the others wait for their turn.</summary>
    [Range(1, 64)]
    public int Comparisons { get; init; } = 1;
}
