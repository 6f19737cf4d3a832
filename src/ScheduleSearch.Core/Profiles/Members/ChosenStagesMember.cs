using System.Collections.Immutable;
using System.Text.Json;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>
/// Which stages are chosen: <c>all</c>, which is the default, <c>none</c> or a list of them; or <c>search</c>, where that can be left open. A merged stage is
/// chosen where a part of it is.
/// </summary>
/// <typeparam name="T">The record that holds the section.</typeparam>
/// <param name="name">The name in JSON.</param>
/// <param name="get">The stages in a section; null for all.</param>
/// <param name="set">The section with other stages.</param>
public sealed class ChosenStagesMember<T>(string name, Func<T, ImmutableArray<int>?> get, Func<T, ImmutableArray<int>?, T> set) : SectionMember<T>(name)
    where T : class
{
    private const string All = "all", None = "none", Search = "search";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Words => LeftOpen is null ? [All, None] : [All, None, Search];

    /// <summary>Whether a section leaves the stages to the search, and the section that does; null where none can.</summary>
    public (Func<T, bool> Is, Func<T, T> With)? LeftOpen { get; init; }

    internal override bool Read(JsonMembers members, ref T section)
    {
        if (members.Optional(Name) is not { } given) return true;
        if (given.IsArray) section = set(section, given.Each(stage => stage.Whole()) ?? []);
        // A wrong word has an error, and is read as the default.
        else if (given.OneOf([.. Words.Select((_, place) => place)], place => Words[place]) is { } place)
            section = Words[place] == Search ? LeftOpen!.Value.With(section) : set(section, Words[place] == None ? [] : null);
        return true;
    }

    internal override void Write(Utf8JsonWriter writer, T section)
    {
        if (IsLeftOpen(section)) writer.WriteString(Name, Search);
        if (get(section) is not { } stages) return;
        writer.WriteStartArray(Name);
        foreach (var stage in stages) writer.WriteNumberValue(stage);
        writer.WriteEndArray();
    }

    internal override void Check(SectionCheck check, T section)
    {
        foreach (var stage in get(section) ?? [])
        {
            if (stage < 0 || stage >= check.Stages) check.Malformed(Name, $"Stage {stage} does not exist: use 0 to {check.Stages - 1}.");
        }
    }

    internal override void Identify(IdentityText text, string member, Problem problem, T section)
    {
        if (IsLeftOpen(section)) text.Line(member, Search);
        else text.Line(member, Enumerable.Range(0, problem.Stages).Where(stage => get(section) is not { } stages || stages.Contains(stage)));
    }

    internal override T Merge(MergedStages merging, T section) =>
        get(section) is { } stages ? set(section, [.. stages.Select(stage => stage / merging.Size).Distinct().Order()]) : section;

    private bool IsLeftOpen(T section) => LeftOpen is { } open && open.Is(section);
}
