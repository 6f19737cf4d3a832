using System.Collections.Immutable;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>The sections that features have in a profile, each of a type of its own. Two bags of equal sections are equal.</summary>
internal sealed class SectionBag : IEquatable<SectionBag>
{
    private readonly ImmutableDictionary<Type, object> _sections;

    private SectionBag(ImmutableDictionary<Type, object> sections) => _sections = sections;

    /// <summary>No section.</summary>
    public static SectionBag Empty { get; } = new(ImmutableDictionary<Type, object>.Empty);

    /// <summary>The types of the sections.</summary>
    public IEnumerable<Type> Types => _sections.Keys;

    /// <summary>The section of a type; null when there is none.</summary>
    public object? Find(Type type) => _sections.GetValueOrDefault(type);

    /// <summary>The same with another section of a type, or without one when it is null.</summary>
    public SectionBag With(Type type, object? section) => new(section is null ? _sections.Remove(type) : _sections.SetItem(type, section));

    /// <inheritdoc/>
    public bool Equals(SectionBag? other) =>
        other is not null && _sections.Count == other._sections.Count && _sections.All(section => section.Value.Equals(other.Find(section.Key)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SectionBag);

    /// <inheritdoc/>
    public override int GetHashCode() => _sections.Values.Aggregate(0, (hash, section) => hash ^ section.GetHashCode());
}
