namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>What is said of one member of a section, whatever the section.</summary>
public interface IProfileMember
{
    /// <summary>The name in JSON.</summary>
    string Name { get; }

    /// <summary>What its numbers are amounts of.</summary>
    Quantity Quantity { get; }

    /// <summary>The type of which it has one of some words; null when it has none.</summary>
    Type? WordType { get; }

    /// <summary>The words that it may have in the place of a value; empty when none.</summary>
    IReadOnlyList<string> Words { get; }

    /// <summary>The property of the section that a member of another name and form stands for, and what to say of it; null when the two are alike.</summary>
    MemberForm? OtherForm { get; }
}
