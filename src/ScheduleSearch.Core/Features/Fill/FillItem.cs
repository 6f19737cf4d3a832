using System.Collections.Immutable;

namespace ScheduleSearch.Core.Features.Fill;

/// <summary>Work of one kind that a device has to do in every iteration beside the microbatches: so many pieces, one after the other.</summary>
public sealed record FillItem
{
    /// <summary>
    /// What answers call it, and other items of the list name in their <c>after</c>: letters, digits, points, hyphens and underscores, the first one a letter
    /// or a digit.
    /// </summary>
    /// <example>text-encoder</example>
    public required string Name { get; init; }

    /// <summary>The time of one piece, above 0.</summary>
    /// <example>2</example>
    public required decimal Duration { get; init; }

    /// <summary>How many pieces there are. Default 1.</summary>
    /// <example>6</example>
    public int Count { get; init; } = 1;

    /// <summary>
    /// The items before it in the list whose pieces must all have ended, and their result arrived where that is on another device, when its first piece
    /// starts. Default: none.
    /// </summary>
    /// <example>["image-encoder"]</example>
    public ImmutableArray<string> After { get; init; } = [];

    /// <summary>The device that carries out its pieces, from 0; null for any: the service deals them out.</summary>
    public required int? Device { get; init; }

    /// <summary>
    /// The time of the parts that a piece may be cut into, of which its duration is a whole number: other work may come between two parts. Default: pieces
    /// are not cut.
    /// </summary>
    /// <example>1</example>
    public decimal? Splittable { get; init; }

    /// <summary>
    /// The time from the begin of the iteration by which its last piece has ended in every schedule, 0 or more; with the objective <c>makespan</c> alone.
    /// Default: any time will do.
    /// </summary>
    /// <example>20</example>
    public decimal? Deadline { get; init; }

    /// <summary>The time of what is never cut.</summary>
    internal decimal PartDuration => Splittable ?? Duration;

    /// <summary>How many of those there are.</summary>
    internal decimal Parts => Splittable is > 0 and var part ? Count * decimal.Truncate(Duration / part) : Count;

    /// <inheritdoc/>
    public bool Equals(FillItem? other) =>
        other is not null && (Name, Duration, Count, Device) == (other.Name, other.Duration, other.Count, other.Device)
        && (Splittable, Deadline) == (other.Splittable, other.Deadline) && After.SequenceEqual(other.After);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Duration, Count, Device, After.Length);
}
