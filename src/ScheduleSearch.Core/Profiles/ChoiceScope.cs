using System.Collections.Immutable;

namespace ScheduleSearch.Core.Profiles;

/// <summary>What a choice may take of all that a profile leaves open. It is a part of the choice: another scope is another choice.</summary>
public sealed record ChoiceScope
{
    /// <summary>JSON path of the option that says <see cref="Placements"/>.</summary>
    public const string PlacementsPath = "$.options.placements";

    /// <summary>JSON path of the option that says <see cref="Formats"/>.</summary>
    public const string FormatsPath = "$.options.formats";

    /// <summary>JSON path of the option that says <see cref="Runtime"/>.</summary>
    public const string RuntimePath = "$.options.runtime";

    /// <summary>All of it.</summary>
    public static ChoiceScope All { get; } = new();

    /// <summary>The names of the placements, sorted; empty for every one.</summary>
    public ImmutableArray<string> Placements { get; init; } = [];

    /// <summary>The names of the forms of which one has to carry the schedule, sorted; empty for none in particular.</summary>
    public ImmutableArray<string> Formats { get; init; } = [];

    /// <summary>The name of the runtime that has to run the schedule; null for none in particular.</summary>
    public string? Runtime { get; init; }

    /// <summary>JSON path of the option that <see cref="WhyNot"/> speaks of.</summary>
    public string CarriedPath => Runtime is null ? FormatsPath : RuntimePath;

    /// <summary>Why none of <see cref="Formats"/> or not <see cref="Runtime"/> carries any schedule of a problem, in sentences; null when one may.</summary>
    public Func<Problem, string?> WhyNot { get; init; } = _ => null;

    /// <summary>Whether a placement may be taken.</summary>
    public bool Admits(string placement) => Placements.IsEmpty || Placements.Contains(placement);
}
