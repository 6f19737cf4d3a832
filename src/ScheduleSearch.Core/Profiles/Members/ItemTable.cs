using System.Collections.Immutable;
using System.Text.Json;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>The members that each item of a list has: the table reads, writes, counts and identifies them.</summary>
/// <typeparam name="T">The record of an item, an immutable value.</typeparam>
/// <param name="blank">An item whose members have their defaults, and those that must be given a value that no rule objects to.</param>
/// <param name="members">The members, in the order of JSON.</param>
public sealed class ItemTable<T>(T blank, IReadOnlyList<SectionMember<T>> members)
    where T : class
{
    /// <summary>The members, in the order of JSON.</summary>
    public IReadOnlyList<SectionMember<T>> Members { get; } = members;

    /// <summary>Reads a list; null when it is none, or an item lacks a member that it cannot be without, with an error.</summary>
    public ImmutableArray<T>? Read(JsonValue value) => value.EachObject(item => item.Members(ReadOne));

    /// <summary>Writes a list as a member.</summary>
    public void Write(Utf8JsonWriter writer, string name, IEnumerable<T> items)
    {
        writer.WriteStartArray(name);
        foreach (var item in items) WriteOne(writer, item);
        writer.WriteEndArray();
    }

    /// <summary>Writes an item.</summary>
    internal void WriteOne(Utf8JsonWriter writer, T item)
    {
        writer.WriteStartObject();
        foreach (var member in Members) member.Write(writer, item);
        writer.WriteEndObject();
    }

    /// <summary>Finds what is wrong with the members of an item.</summary>
    /// <param name="check">Where errors of the item are added.</param>
    /// <param name="item">The item.</param>
    public void Check(SectionCheck check, T item)
    {
        foreach (var member in Members) member.Check(check, item);
    }

    /// <summary>Adds the numbers of a list that decide a scale.</summary>
    /// <param name="numbers">Where they are added.</param>
    /// <param name="name">The list within the profile, such as <c>fill</c>.</param>
    /// <param name="items">The items.</param>
    /// <param name="parts">The parts that the section cuts a microbatch in.</param>
    /// <param name="countItem">Adds what an item counts for beside its numbers; null for nothing.</param>
    internal void Count(ScaleNumbers numbers, string name, IEnumerable<T> items, int parts = 1, Action<T>? countItem = null)
    {
        foreach (var (index, item) in items.Index()) CountOne(numbers, $"{name}[{index}]", item, parts, countItem);
    }

    /// <summary>Adds the numbers of an item that decide a scale.</summary>
    internal void CountOne(ScaleNumbers numbers, string name, T item, int parts, Action<T>? countItem = null)
    {
        var owner = numbers.Section;
        numbers.Section = name;
        foreach (var member in Members) member.Count(numbers, item, parts);
        countItem?.Invoke(item);
        numbers.Section = owner;
    }

    /// <summary>Adds what a list changes of the problem to the text of the id.</summary>
    internal void Identify(IdentityText text, string name, Problem problem, IEnumerable<T> items)
    {
        foreach (var (index, item) in items.Index()) IdentifyOne(text, $"{name}[{index}]", problem, item);
    }

    /// <summary>Adds what an item changes of the problem to the text of the id.</summary>
    internal void IdentifyOne(IdentityText text, string name, Problem problem, T item)
    {
        foreach (var member in Members) member.Identify(text, $"{name}.{member.Name}", problem, item);
    }

    /// <summary>Reads an item; null when it lacks a member that it cannot be without, with an error.</summary>
    internal T? ReadOne(JsonMembers given)
    {
        var (item, isComplete) = (blank, true);
        foreach (var member in Members) isComplete &= member.Read(given, ref item);
        return isComplete ? item : null;
    }
}
