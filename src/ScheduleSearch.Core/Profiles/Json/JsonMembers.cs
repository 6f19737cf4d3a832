using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace ScheduleSearch.Core.Profiles.Json;

/// <summary>The members of one JSON object, each asked for by name: one line adds a member. Duplicate and unknown members are errors.</summary>
public sealed class JsonMembers
{
    private const int MostShown = 60;

    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly List<string> _known = [];
    private readonly string _path;
    private readonly JsonValue _owner;

    internal JsonMembers(JsonElement element, string path, JsonValue owner)
    {
        (_path, _owner) = (path, owner);
        foreach (var property in element.EnumerateObject())
        {
            if (!TryGetName(property, out var name)) _owner.Report(path, "Has a member whose name holds a lone surrogate.");
            else if (!_members.TryAdd(name, property.Value)) _owner.Report(PathOf(name), "Stands more than once.");
        }
    }

    /// <summary>A member that may be left out; null when it is.</summary>
    public JsonValue? Optional(string name)
    {
        _known.Add(name);
        return _members.TryGetValue(name, out var element) ? _owner.At(element, PathOf(name)) : null;
    }

    /// <summary>A member that must be there; null, with an error, when it is not.</summary>
    public JsonValue? Required(string name)
    {
        var value = Optional(name);
        if (value is null) _owner.Report(PathOf(name), "Is missing.");
        return value;
    }

    internal void ReportUnknown()
    {
        foreach (var name in _members.Keys.Where(name => !_known.Contains(name)))
            _owner.Report(PathOf(name), $"Is not a member here; the members are {string.Join(", ", _known)}.");
    }

    /// <summary>A string; false when an escape in it is half a surrogate pair, which no string can hold.</summary>
    internal static bool TryGetText(JsonElement element, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = element.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            text = null;
            return false;
        }
    }

    private static bool TryGetName(JsonProperty property, [NotNullWhen(true)] out string? name)
    {
        try
        {
            name = property.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            name = null;
            return false;
        }
    }

    private string PathOf(string name)
    {
        if (name.Length > MostShown) name = name[..MostShown] + "…";
        return name.Length > 0 && name.All(char.IsLetterOrDigit) ? $"{_path}.{name}" : $"{_path}['{name}']";
    }
}
