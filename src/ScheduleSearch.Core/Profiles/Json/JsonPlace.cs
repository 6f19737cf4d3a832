using System.Runtime.CompilerServices;
using System.Text;

namespace ScheduleSearch.Core.Profiles.Json;

/// <summary>Where a value stands in a document: a member or an element of what holds it. Its path is put together only where an error names it.</summary>
internal readonly struct JsonPlace
{
    private const int MostShown = 60;

    private readonly StrongBox<JsonPlace>? _holder;
    private readonly string? _name;
    private readonly int _index;

    private JsonPlace(StrongBox<JsonPlace>? holder, string? name, int index) => (_holder, _name, _index) = (holder, name, index);

    /// <summary>The value that a path such as <c>$</c> or <c>$.profile</c> leads to.</summary>
    public static JsonPlace Root(string path) => new(null, path, 0);

    /// <summary>A member of an object.</summary>
    public static JsonPlace Member(StrongBox<JsonPlace> holder, string name) => new(holder, name, 0);

    /// <summary>An element of an array.</summary>
    public static JsonPlace Element(StrongBox<JsonPlace> holder, int index) => new(holder, null, index);

    /// <summary>The JSON path, such as <c>$.profile.times.forward[3]</c>.</summary>
    public override string ToString()
    {
        if (_holder is null) return _name!;
        var path = new StringBuilder();
        Append(path);
        return path.ToString();
    }

    private void Append(StringBuilder path)
    {
        if (_holder is null)
        {
            path.Append(_name);
            return;
        }

        _holder.Value.Append(path);
        if (_name is null) path.Append('[').Append(_index).Append(']');
        else if (_name.Length is > 0 and <= MostShown && _name.All(char.IsLetterOrDigit)) path.Append('.').Append(_name);
        else path.Append("['").Append(_name.Length > MostShown ? _name[..MostShown] + "…" : _name).Append("']");
    }
}
