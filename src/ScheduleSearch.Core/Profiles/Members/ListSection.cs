using System.Text.Json;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>A section that is a list, by the table of its items. What a table cannot say, a section adds by overriding.</summary>
/// <typeparam name="T">The record of an item, an immutable value.</typeparam>
/// <typeparam name="TList">The list.</typeparam>
public abstract class ListSection<T, TList> : IProfileSection
    where T : class
    where TList : ItemList<T>
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public Type Type => typeof(TList);

    /// <inheritdoc/>
    public Type RecordType => typeof(T);

    /// <inheritdoc/>
    public SectionOrder Order => SectionOrder.Last;

    /// <inheritdoc/>
    public IReadOnlyList<IProfileMember> Members => Table.Members;

    /// <inheritdoc/>
    public string? MemberOfParts => null;

    /// <inheritdoc/>
    public virtual bool StatesStages => false;

    /// <summary>The members of an item.</summary>
    protected abstract ItemTable<T> Table { get; }

    /// <inheritdoc/>
    public bool IsIn(Profile profile) => FoundIn(profile) is not null;

    /// <inheritdoc/>
    public object? Read(JsonValue value) => Table.Read(value) is { } items ? ListOf(items.AsSpan()) : null;

    /// <inheritdoc/>
    public virtual void Write(Utf8JsonWriter writer, Profile profile)
    {
        if (FoundIn(profile) is { } items) Table.Write(writer, Name, items);
    }

    /// <inheritdoc/>
    public abstract void Check(SectionCheck check);

    /// <inheritdoc/>
    public virtual void CheckAmongOthers(SectionCheck check, IReadOnlyCollection<string> others)
    {
    }

    /// <inheritdoc/>
    public int PartsOfMicrobatch(Profile profile) => 1;

    /// <inheritdoc/>
    void IProfileSection.Count(ScaleNumbers numbers)
    {
        if (FoundIn(numbers.Profile) is not { } items) return;
        Table.Count(numbers, Name, items, countItem: item => CountBeside(numbers, item));
        numbers.Spare(SpareDigitsOf(items));
    }

    /// <inheritdoc/>
    public virtual void Identify(IdentityText text, Problem problem)
    {
        if (FoundIn(problem.Profile) is { } items) Table.Identify(text, Name, problem, items);
    }

    /// <inheritdoc/>
    public virtual void IdentifyMerging(IdentityText text, Profile finest)
    {
    }

    /// <inheritdoc/>
    public string? WhyNotMerged(Profile profile) => null;

    /// <summary>The list has no times of stages.</summary>
    public Profile Paced(Profile profile, Func<StageValues, StageValues> pace) => profile;

    /// <summary>What the profile is when stages are merged: the list is of none of them.</summary>
    public virtual Profile Merge(Profile merged, Profile finest, MergedStages merging) => merged;

    /// <summary>The list in a profile; null when the profile does not have it.</summary>
    protected static TList? FoundIn(Profile profile) => profile.Find<TList>();

    /// <summary>The list of some items.</summary>
    protected abstract TList ListOf(ReadOnlySpan<T> items);

    /// <summary>Adds what an item counts for in a scale beside its numbers.</summary>
    protected virtual void CountBeside(ScaleNumbers numbers, T item)
    {
    }

    /// <summary>Digits that scales need beyond those of the numbers, where it takes fractions of them.</summary>
    protected virtual int SpareDigitsOf(TList items) => 0;
}
