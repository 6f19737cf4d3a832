using System.ComponentModel.DataAnnotations;

namespace ScheduleSearch.Api.Storage;

/// <summary>How long schedules can be had that better ones have replaced: the section <c>Revisions</c> of the configuration.</summary>
internal sealed class KeepSettings
{
    /// <summary>Minutes for which a revision that was answered with can be fetched by its name, from the last time that it was.</summary>
    [Range(0, 10_080)]
    public double Minutes { get; init; } = 15;

    /// <summary>Most revisions of one id that are kept; the oldest go first.</summary>
    [Range(1, 10_000)]
    public int MostOfOne { get; init; } = 32;
}
