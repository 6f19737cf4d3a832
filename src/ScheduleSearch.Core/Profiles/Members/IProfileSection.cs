using System.Text.Json;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>A section of a profile: a record of members that stand in one table, which reads, writes, checks, counts, identifies and merges them.</summary>
public interface IProfileSection
{
    /// <summary>The name in JSON.</summary>
    string Name { get; }

    /// <summary>The type in which a profile holds it; no two sections have the same.</summary>
    Type Type { get; }

    /// <summary>The type of the record that has the members: that same one, or where the section is a list that of each of its items.</summary>
    Type RecordType { get; }

    /// <summary>Where it stands among the others.</summary>
    SectionOrder Order { get; }

    /// <summary>The members, in the order of JSON.</summary>
    IReadOnlyList<IProfileMember> Members { get; }

    /// <summary>Whether it states what the stages take, in the place of times and memory.</summary>
    bool StatesStages => false;

    /// <summary>Whether a profile has it.</summary>
    bool IsIn(Profile profile);

    /// <summary>Reads it; null when it is of another form, or lacks a member that it cannot be without, with an error.</summary>
    object? Read(JsonValue value);

    /// <summary>Writes it as a member of the profile, where the profile has it.</summary>
    void Write(Utf8JsonWriter writer, Profile profile);

    /// <summary>Finds what is wrong in it. Asked only of a profile that has it.</summary>
    void Check(SectionCheck check);

    /// <summary>Finds what does not go with the rest of a profile, once all sections have been checked. Asked only of a profile that has it.</summary>
    /// <param name="check">Where errors are added.</param>
    /// <param name="others">The names of all sections of features that the profile has.</param>
    void CheckAmongOthers(SectionCheck check, IReadOnlyCollection<string> others);

    /// <summary>The parts that it cuts each microbatch in, as it states them; 1 where it cuts nothing or the profile does not have it.</summary>
    int PartsOfMicrobatch(Profile profile);

    /// <summary>The member that states those parts; null where it cuts nothing.</summary>
    string? MemberOfParts { get; }

    /// <summary>Adds the numbers that decide a scale.</summary>
    void Count(ScaleNumbers numbers);

    /// <summary>Adds what it changes of the problem to the text of the id: nothing where the profile does not have it.</summary>
    void Identify(IdentityText text, Problem problem);

    /// <summary>Adds what it changes of a choice of placements beside that: what decides how stages are merged.</summary>
    void IdentifyMerging(IdentityText text, Profile finest);

    /// <summary>Why a profile's stages cannot be merged with it; null when they can, as always where the profile does not have it.</summary>
    string? WhyNotMerged(Profile profile);

    /// <summary>Replaces it by what it is when stages are merged.</summary>
    /// <param name="merged">The profile whose sections are replaced one after the other.</param>
    /// <param name="finest">The profile before any was.</param>
    /// <param name="merging">The stages that become one.</param>
    Profile Merge(Profile merged, Profile finest, MergedStages merging);

    /// <summary>A profile with other times of stages in it, in the place of each member that has some.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="pace">The times of a member, by stage, as they are to be.</param>
    Profile Paced(Profile profile, Func<StageValues, StageValues> pace);
}
