using System.Text.Json;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Recompute;

/// <summary>The list <c>levels</c>, and the members of its items.</summary>
internal sealed class RecomputeLevelsMember() : SectionMember<ActivationRecompute>("levels")
{
    private const int MostLevels = 8;

    private static ItemTable<RecomputeLevel> Table { get; } = new(
        new() { Kept = 0 },
    [
        new StageMember<RecomputeLevel>("time", Quantity.Time, level => level.Time, (level, time) => level with { Time = time })
        {
            Added = Added.ByMicrobatch, Otherwise = TimeOf,
        },
        new StageMember<RecomputeLevel>("kept", Quantity.Memory, level => level.Kept, (level, kept) => level with { Kept = kept })
        {
            IsRequired = true, IsPartOfActivation = true,
        },
    ]);

    internal static StageValues TimeOf(Profile profile, RecomputeLevel level) => level.Time ?? profile.Times.Forward;

    internal override bool Read(JsonMembers members, ref ActivationRecompute section)
    {
        if (members.Optional(Name) is not { } given) return true;
        if (Table.Read(given) is not { } levels) return false;
        section = section with { Levels = levels };
        return true;
    }

    internal override void Write(Utf8JsonWriter writer, ActivationRecompute section)
    {
        if (section.Levels is { } levels) Table.Write(writer, Name, levels);
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

        foreach (var (index, level) in levels.Index()) Table.Check(check.At(Name, index), level);
    }

    internal override void CheckParts(SectionCheck check, ActivationRecompute section)
    {
        foreach (var (index, level) in (section.Levels ?? []).Index())
        {
            foreach (var member in Table.Members) member.CheckParts(check.At(Name, index), level);
        }
    }

    internal override void Count(ScaleNumbers numbers, ActivationRecompute section, int parts) =>
        Table.Count(numbers, $"{numbers.Section}.{Name}", section.Levels ?? [], parts);

    internal override void Identify(IdentityText text, string member, Problem problem, ActivationRecompute section) =>
        Table.Identify(text, member, problem, section.Levels ?? []);
}
