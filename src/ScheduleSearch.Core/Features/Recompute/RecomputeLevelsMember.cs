using System.Collections.Immutable;
using System.Text.Json;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Recompute;

/// <summary>The list <c>levels</c>, and the members of its items.</summary>
internal sealed class RecomputeLevelsMember() : SectionMember<ActivationRecompute>("levels")
{
    private const int MostLevels = 8;

    private static readonly RecomputeLevel Blank = new() { Kept = 0 };

    private static IReadOnlyList<SectionMember<RecomputeLevel>> Table { get; } =
    [
        new StageMember<RecomputeLevel>("time", Quantity.Time, level => level.Time, (level, time) => level with { Time = time })
        {
            Added = Added.ByMicrobatch, Otherwise = TimeOf,
        },
        new StageMember<RecomputeLevel>("kept", Quantity.Memory, level => level.Kept, (level, kept) => level with { Kept = kept })
        {
            IsRequired = true, IsPartOfActivation = true,
        },
    ];

    internal static StageValues TimeOf(Profile profile, RecomputeLevel level) => level.Time ?? profile.Times.Forward;

    internal override bool Read(JsonMembers members, ref ActivationRecompute section)
    {
        if (members.Optional(Name) is not { } given) return true;
        if (given.EachObject(level => level.Members(ReadLevel)) is not { } levels) return false;
        section = section with { Levels = [.. levels] };
        return true;
    }

    internal override void Write(Utf8JsonWriter writer, ActivationRecompute section)
    {
        if (section.Levels is not { } levels) return;
        writer.WriteStartArray(Name);
        foreach (var level in levels)
        {
            writer.WriteStartObject();
            foreach (var member in Table) member.Write(writer, level);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    internal override void Check(SectionCheck check, ActivationRecompute section)
    {
        if (section.Levels is not { } levels) return;
        if (levels.Length is 0 or > MostLevels) check.Malformed(Name, $"Has {levels.Length} levels; must have 1 to {MostLevels}.");
        if (!section.IsLeftOpen)
        {
            check.Malformed(
                Name, "Are levels of which the search takes one for each stage: set recompute.choose to search, or give time and kept in their place.");
        }

        Each(check, levels, (member, item, level) => member.Check(item, level));
    }

    internal override void CheckParts(SectionCheck check, ActivationRecompute section) =>
        Each(check, section.Levels ?? [], (member, item, level) => member.CheckParts(item, level));

    internal override void Count(ScaleNumbers numbers, ActivationRecompute section, int parts)
    {
        var owner = numbers.Section;
        foreach (var (index, level) in (section.Levels ?? []).Index())
        {
            numbers.Section = $"{owner}.{Name}[{index}]";
            foreach (var member in Table) member.Count(numbers, level, parts);
        }

        numbers.Section = owner;
    }

    internal override void Identify(IdentityText text, string member, Problem problem, ActivationRecompute section)
    {
        foreach (var (index, level) in (section.Levels ?? []).Index())
        {
            foreach (var ofLevel in Table) ofLevel.Identify(text, $"{member}[{index}].{ofLevel.Name}", problem, level);
        }
    }

    private void Each(SectionCheck check, ImmutableArray<RecomputeLevel> levels, Action<SectionMember<RecomputeLevel>, SectionCheck, RecomputeLevel> action)
    {
        foreach (var (index, level) in levels.Index())
        {
            foreach (var member in Table) action(member, check.At(Name, index), level);
        }
    }

    private static RecomputeLevel? ReadLevel(JsonMembers members)
    {
        var (level, isComplete) = (Blank, true);
        foreach (var member in Table) isComplete &= member.Read(members, ref level);
        return isComplete ? level : null;
    }
}
