using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Estimates.Json;

/// <summary>Sizes among the members of an object, each by the first of its names that is there.</summary>
internal static class SizeMembers
{
    /// <summary>Widths of a hidden state or head, and numbers of heads or experts.</summary>
    public const long MostHidden = 1 << 20, MostHeads = 1 << 16;

    /// <summary>Inner widths, entries of a vocabulary, tokens of a sequence.</summary>
    public const long MostWide = 1 << 24;

    /// <summary>Decoder layers, and those that predict further tokens.</summary>
    public const int MostLayers = 2048, MostMtpLayers = 64;

    /// <summary>A size that must be there.</summary>
    public static long? Size(this JsonMembers members, long most, params ReadOnlySpan<string> names) =>
        members.FirstOf(names) is { } given ? given.Whole(1, most) : members.Required(names[0])?.Whole(1, most);

    /// <summary>A size that may be left out; what stands for it then.</summary>
    public static long? SizeOr(this JsonMembers members, long? otherwise, long least, long most, params ReadOnlySpan<string> names) =>
        members.FirstOf(names) is { } given ? given.Whole(least, most) : otherwise;

    /// <summary>The first of some members that is there; null when none is.</summary>
    public static JsonValue? FirstOf(this JsonMembers members, ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (members.Optional(name) is { } value) return value;
        }

        return null;
    }

    /// <summary>One of the words of an enumeration; what stands for it where it is left out.</summary>
    public static T? WordOr<T>(this JsonMembers members, string name, T otherwise)
        where T : struct, Enum =>
        members.Optional(name) is { } given ? given.OneOf(Enum.GetValues<T>(), Devices.Words.Of) : otherwise;

    /// <summary>true or false; what stands for it where it is left out.</summary>
    public static bool? FlagOr(this JsonMembers members, string name, bool otherwise) => members.Optional(name) is { } given ? given.Flag() : otherwise;
}
