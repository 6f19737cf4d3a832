using System.Collections.Immutable;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>What part of a schedule a picture shows, and how wide it is.</summary>
public sealed record PictureView
{
    /// <summary>The least <see cref="Width"/>.</summary>
    public const int LeastWidth = 400;

    /// <summary>The largest <see cref="Width"/>.</summary>
    public const int MostWidth = 10_000;

    /// <summary>All of a schedule, as wide as its labels need.</summary>
    public static PictureView Whole { get; } = new();

    /// <summary>
    /// Pixels of the whole picture, from <see cref="LeastWidth"/> to <see cref="MostWidth"/>; null for as many as the labels of operations need, within
    /// reason.
    /// </summary>
    public int? Width { get; init; }

    /// <summary>The time at the left end in the profile's unit, 0 or more and before the schedule's end.</summary>
    public decimal From { get; init; }

    /// <summary>
    /// The time at the right end in the profile's unit, by a tick or more after <see cref="From"/>, even after the schedule's end; null for that end.
    /// </summary>
    public decimal? To { get; init; }

    /// <summary>The devices that have a row, in the order of their rows; empty for all.</summary>
    public ImmutableArray<int> Ranks { get; init; } = [];

    /// <summary>Whether the memory that each device holds stands below its row.</summary>
    public bool ShowsMemory { get; init; }
}
