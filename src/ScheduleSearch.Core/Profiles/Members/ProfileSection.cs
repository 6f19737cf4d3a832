using System.Text.Json;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>A section by the table of its members. What a table cannot say, a section adds by overriding.</summary>
/// <typeparam name="T">The record that holds it, an immutable value.</typeparam>
public abstract class ProfileSection<T> : IProfileSection
    where T : class
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public Type Type => typeof(T);

    /// <inheritdoc/>
    public Type RecordType => typeof(T);

    /// <inheritdoc/>
    public virtual SectionOrder Order => SectionOrder.Last;

    /// <summary>The members, in the order of JSON.</summary>
    public abstract IReadOnlyList<SectionMember<T>> Table { get; }

    /// <inheritdoc/>
    public IReadOnlyList<IProfileMember> Members => Table;

    /// <inheritdoc/>
    public virtual string? MemberOfParts => null;

    /// <summary>The sections that it does not go with, by name.</summary>
    public virtual IReadOnlyList<string> GoesNotWith => [];

    /// <summary>A record whose members have their defaults, and those that must be given a value that no rule objects to.</summary>
    protected abstract T Blank { get; }

    /// <summary>Whether a record is made without members that it must have, so that the others can be checked.</summary>
    protected virtual bool IsMadeInPart => false;

    /// <summary>The record in a profile; null when the profile does not have it.</summary>
    public virtual T? FoundIn(Profile profile) => profile.Find<T>();

    /// <inheritdoc/>
    public bool IsIn(Profile profile) => FoundIn(profile) is not null;

    /// <inheritdoc/>
    object? IProfileSection.Read(JsonValue value) => ReadValue(value);

    /// <inheritdoc cref="IProfileSection.Read"/>
    public virtual T? ReadValue(JsonValue value) => value.Members(Read);

    /// <summary>Reads a record of its members; null when it lacks one that it cannot be without, with an error.</summary>
    public T? Read(JsonMembers members) => Read(members, Table);

    /// <summary>Reads a record that states nothing of stages: what does is no member of it.</summary>
    internal T? ReadWithoutStages(JsonMembers members)
    {
        members.LeaveOut([.. Table.Where(member => member.IsOfStages).Select(member => member.Name)]);
        return Read(members, Table.Where(member => !member.IsOfStages));
    }

    private T? Read(JsonMembers members, IEnumerable<SectionMember<T>> table)
    {
        var (section, isComplete) = (Blank, true);
        foreach (var member in table) isComplete &= member.Read(members, ref section);
        return isComplete || IsMadeInPart ? section : null;
    }

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter writer, Profile profile) => Write(writer, profile, Table);

    /// <summary>Writes it without what it says of stages.</summary>
    internal void WriteWithoutStages(Utf8JsonWriter writer, Profile profile) => Write(writer, profile, Table.Where(member => !member.IsOfStages));

    private void Write(Utf8JsonWriter writer, Profile profile, IEnumerable<SectionMember<T>> table)
    {
        if (FoundIn(profile) is not { } section) return;
        writer.WriteStartObject(Name);
        foreach (var member in table) member.Write(writer, section);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public void Check(SectionCheck check)
    {
        var section = FoundIn(check.Profile)!;
        InTurn(CheckTurn.First);
        if (!check.IsClean && Table.Any(member => member.Turn == CheckTurn.First)) return;
        InTurn(CheckTurn.InOrder);
        InTurn(CheckTurn.Last);
        CheckRules(check, section);
        if (!check.IsClean) return;
        foreach (var member in Table) member.CheckParts(check, section);

        void InTurn(CheckTurn turn)
        {
            foreach (var member in Table.Where(member => member.Turn == turn)) member.Check(check, section);
        }
    }

    /// <inheritdoc/>
    public void CheckAmongOthers(SectionCheck check, IReadOnlyCollection<string> others)
    {
        foreach (var other in GoesNotWith.Where(others.Contains)) check.Malformed($"Does not go with {other}: give one of them.");
        if (check.IsClean) CheckAgainstProfile(check, FoundIn(check.Profile)!);
    }

    /// <inheritdoc/>
    public int PartsOfMicrobatch(Profile profile) => FoundIn(profile) is { } section ? PartsOfMicrobatch(section) : 1;

    /// <inheritdoc/>
    public void Count(ScaleNumbers numbers)
    {
        if (FoundIn(numbers.Profile) is not { } section) return;
        numbers.Section = Name;
        foreach (var member in Table) member.Count(numbers, section, PartsOfMicrobatch(section));
        if (numbers.Quantity == Quantity.Time) numbers.AddParts(PartsOfTimes(numbers.Profile, section));
        numbers.Spare(SpareDigitsOf(section));
    }

    /// <inheritdoc/>
    public virtual void Identify(IdentityText text, Problem problem)
    {
        if (FoundIn(problem.Profile) is { } section) Identify(text, problem, section);
    }

    /// <inheritdoc/>
    public virtual void IdentifyMerging(IdentityText text, Profile finest)
    {
    }

    /// <inheritdoc/>
    public string? WhyNotMerged(Profile profile) => FoundIn(profile) is { } section ? WhyNotMerged(profile, section) : null;

    /// <inheritdoc/>
    public Profile Merge(Profile merged, Profile finest, MergedStages merging) =>
        FoundIn(finest) is { } section ? PutIn(merged, Merge(section, finest, merging)) : merged;

    /// <inheritdoc/>
    public Profile Paced(Profile profile, Func<StageValues, StageValues> pace) => FoundIn(profile) is { } section
        ? PutIn(profile, Table.Aggregate(section, (paced, member) => member.Paced(pace, paced)))
        : profile;

    /// <summary>A profile with another record.</summary>
    protected virtual Profile PutIn(Profile profile, T section) => profile.With(section);

    /// <summary>Finds what is wrong beside single members.</summary>
    protected virtual void CheckRules(SectionCheck check, T section)
    {
    }

    /// <summary>Finds what does not go with the rest of a profile in which nothing else is wrong.</summary>
    protected virtual void CheckAgainstProfile(SectionCheck check, T section)
    {
    }

    /// <summary>The parts that it cuts each microbatch in.</summary>
    protected virtual int PartsOfMicrobatch(T section) => 1;

    /// <summary>What it leaves of times that are above 0, by the member that cuts them: for each part the least of all stages will do.</summary>
    protected virtual IEnumerable<(string Member, decimal Value)> PartsOfTimes(Profile profile, T section) => [];

    /// <summary>Digits that scales need beyond those of the numbers, where it takes fractions of them.</summary>
    protected virtual int SpareDigitsOf(T section) => 0;

    /// <summary>Adds what it changes of the problem to the text of the id: by default all members.</summary>
    protected virtual void Identify(IdentityText text, Problem problem, T section)
    {
        foreach (var member in Table) Identify(member, text, problem, section);
    }

    /// <summary>Adds a member under the name that it has in the id.</summary>
    private protected void Identify(SectionMember<T> member, IdentityText text, Problem problem, T section) =>
        member.Identify(text, member.NameInId ?? $"{Name}.{member.Name}", problem, section);

    /// <summary>Why stages cannot be merged with it; null when they can.</summary>
    protected virtual string? WhyNotMerged(Profile profile, T section) => null;

    /// <summary>What it is when stages are merged: by default the numbers of the stages are added up.</summary>
    protected virtual T Merge(T section, Profile finest, MergedStages merging)
    {
        foreach (var member in Table) section = member.Merge(merging, section);
        return section;
    }
}
