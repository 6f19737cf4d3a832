using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ScheduleSearch.Core.Profiles.Json;

/// <summary>
/// The members of one JSON object, each asked for by name: one line adds a member. One that is null is left out, and so an error where it must be there.
/// Duplicate and unknown members are errors.
/// </summary>
public sealed class JsonMembers
{
    private readonly JsonElement _element;
    private readonly StrongBox<JsonPlace> _place;
    private readonly JsonValue _owner;
    private readonly List<string> _known = new(capacity: 16);
    private string[] _otherForms = [];
    private int _found;
    private bool _ignoresOthers;

    internal JsonMembers(JsonElement element, JsonPlace place, JsonValue owner) =>
        (_element, _place, _owner) = (element, new StrongBox<JsonPlace>(place), owner);

    /// <summary>A member that may be left out; null when it is.</summary>
    public JsonValue? Optional(string name) => Find(name) is { IsNull: false } value ? value : null;

    /// <summary>A member that must be there; null, with an error, when it is not. One that is null reads as an error.</summary>
    public JsonValue? Required(string name)
    {
        var value = Find(name);
        if (value is null) _owner.Report(JsonPlace.Member(_place, name), "Is missing.");
        return value;
    }

    /// <summary>Whether a member is there, and not null.</summary>
    public bool Has(string name) => TryFind(_element, name, out var found) && found.ValueKind != JsonValueKind.Null;

    /// <summary>Names members that objects of this kind have in another form: here they are left out, as null or altogether.</summary>
    public void LeaveOut(string[] names) => _otherForms = names;

    /// <summary>Takes members that are not asked for as they come: of objects that others define and that have more than is read.</summary>
    public void IgnoreOthers() => _ignoresOthers = true;

    /// <summary>Adds an error for each member that was not asked for, or stands more than once.</summary>
    internal void ReportOthers()
    {
        if (_ignoresOthers) return;
        // Each member that was found is one of the object's; where that leaves none, there is nothing to look for.
        if (_found == _element.GetPropertyCount()) return;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in _element.EnumerateObject())
        {
            if (!TryGetName(property, out var name)) _owner.Report(_place.Value, "Has a member whose name holds a lone surrogate.");
            else if (!seen.Add(name)) _owner.Report(JsonPlace.Member(_place, name), "Stands more than once.");
            else if (!_known.Contains(name) && _owner.TakesErrors && !(_otherForms.Contains(name) && property.Value.ValueKind == JsonValueKind.Null))
            {
                var meant = Spelling.DidYouMean(name, _known.Where(known => !TryFind(_element, known, out _)));
                _owner.Report(JsonPlace.Member(_place, name), $"Is not a member here; the members are {string.Join(", ", _known)}.{meant}");
            }
        }
    }

    /// <summary>The member of an object; false when it has none of this name.</summary>
    internal static bool TryFind(JsonElement owner, string name, out JsonElement element)
    {
        try
        {
            return owner.TryGetProperty(name, out element);
        }
        catch (InvalidOperationException)
        {
            // A name beside it holds half a surrogate pair, which is told of once all are asked for.
            element = default;
            return false;
        }
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

    private JsonValue? Find(string name)
    {
        _known.Add(name);
        if (!TryFind(_element, name, out var element)) return null;
        _found++;
        return _owner.At(element, JsonPlace.Member(_place, name));
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
}
