using ScheduleSearch.Core.Instructions;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>Which stream of a schedule is asked for, as the query states it.</summary>
/// <param name="Format">The format, for a version of its runtime.</param>
internal sealed record AskedStream(IInstructionFormat Format)
{
    private const string Picture = "svg";

    /// <summary>Whether it is a picture, which has a place and a title of its own.</summary>
    public bool IsPicture => Format.Name == Picture;

    /// <summary>One device only; null for all.</summary>
    public string? Rank { get; init; }

    /// <summary>What names the schedule; null for the present one.</summary>
    public string? Revision { get; init; }

    /// <summary>What a picture calls the schedule; null for what the caller calls it.</summary>
    public string? Name { get; init; }
}
