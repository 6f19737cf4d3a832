using System.Text.Json;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>A member of a section: all that is said of it stands in one entry of the section's table.</summary>
/// <typeparam name="T">The record that holds the section.</typeparam>
/// <param name="name">The name in JSON.</param>
public abstract class SectionMember<T>(string name) : IProfileMember
    where T : class
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public virtual Quantity Quantity => Quantity.None;

    /// <inheritdoc/>
    public virtual Type? WordType => null;

    /// <inheritdoc/>
    public virtual IReadOnlyList<string> Words => [];

    /// <inheritdoc/>
    public MemberForm? OtherForm { get; init; }

    /// <summary>Whether it must be given.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether it has numbers of stages.</summary>
    public virtual bool IsOfStages => false;

    /// <summary>When it is checked beside the others.</summary>
    public CheckTurn Turn { get; init; } = CheckTurn.InOrder;

    /// <summary>Its name in the text of the id; the section's and its own with a point between them when null.</summary>
    public string? NameInId { get; init; }

    /// <summary>Reads it into a section, which is left as it is where the member is absent or wrong; whether the section has all that it needs of it.</summary>
    internal abstract bool Read(JsonMembers members, ref T section);

    /// <summary>Writes it, where it is given.</summary>
    internal abstract void Write(Utf8JsonWriter writer, T section);

    /// <summary>Finds what is wrong with it.</summary>
    internal virtual void Check(SectionCheck check, T section)
    {
    }

    /// <summary>Finds where it is more than what it is a part of, once all numbers are as many as they should be.</summary>
    internal virtual void CheckParts(SectionCheck check, T section)
    {
    }

    /// <summary>Adds its numbers where they are of the quantity that is asked for.</summary>
    /// <param name="numbers">Where they are added.</param>
    /// <param name="section">The section.</param>
    /// <param name="parts">The parts that the section cuts a microbatch in.</param>
    internal virtual void Count(ScaleNumbers numbers, T section, int parts)
    {
    }

    /// <summary>Adds what it changes of the problem to the text of the id.</summary>
    internal abstract void Identify(IdentityText text, string member, Problem problem, T section);

    /// <summary>The section with the member for merged stages.</summary>
    internal virtual T Merge(MergedStages merging, T section) => section;

    /// <summary>The section with other times of stages in the member.</summary>
    internal virtual T Paced(Func<StageValues, StageValues> pace, T section) => section;
}
