using System.Text.Json;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>A device by its number, or <c>any</c>. It must be given.</summary>
/// <typeparam name="T">The record that holds the section.</typeparam>
/// <param name="name">The name in JSON.</param>
/// <param name="get">The device in a section; null for any.</param>
/// <param name="set">The section with another device.</param>
public sealed class AnyDeviceMember<T>(string name, Func<T, int?> get, Func<T, int?, T> set) : SectionMember<T>(name)
    where T : class
{
    private const string Any = "any";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Words { get; } = [Any];

    internal override bool Read(JsonMembers members, ref T section)
    {
        if (members.Required(Name) is not { } given) return false;
        var isAny = given.IsText;
        var device = isAny ? null : given.Whole();
        if (isAny ? given.OneOf([true], _ => Any) is null : device is null) return false;
        section = set(section, device);
        return true;
    }

    internal override void Write(Utf8JsonWriter writer, T section)
    {
        if (get(section) is { } device) writer.WriteNumber(Name, device);
        else writer.WriteString(Name, Any);
    }

    internal override void Identify(IdentityText text, string member, Problem problem, T section) =>
        text.Line(member, get(section) is { } device ? IdentityText.Of(device) : Any);
}
