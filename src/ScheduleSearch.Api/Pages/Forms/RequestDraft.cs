using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ScheduleSearch.Api.Pages.Forms;

/// <summary>A request that is being written: JSON, which a form shows and changes member by member, and whose other members stay as they are.</summary>
public sealed class RequestDraft
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly char[] Separators = [',', ';', ' ', '\t', '\n', '\r'];

    private readonly string _path;
    private readonly string? _wrapper;
    private JsonObject _root = [];

    /// <summary>A request without members.</summary>
    /// <param name="path">Where it is sent, from the root, as in <c>schedules/solve</c>.</param>
    /// <param name="wrapper">The member that an object with a <c>pipeline</c> of its own is put into; null where the request is such an object.</param>
    public RequestDraft(string path, string? wrapper = null) => (_path, _wrapper) = (path, wrapper);

    /// <summary>The request.</summary>
    public string Json => _root.ToJsonString(Indented);

    /// <summary>The command that sends the request.</summary>
    /// <param name="service">Where the service is, as in <c>http://127.0.0.1:5080/</c>.</param>
    public string CurlTo(string service) =>
        $"curl -s {service}{_path} -H 'Content-Type: application/json' -d '{Json.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>Takes over a whole request, or what its wrapper has.</summary>
    /// <returns>What keeps the text from being one; null when nothing does.</returns>
    public string? Read(string json)
    {
        try
        {
            if (JsonNode.Parse(json) is not JsonObject root) return "The request must be a JSON object.";
            _root = _wrapper is { } wrapper && root.ContainsKey("pipeline") && !root.ContainsKey(wrapper) ? new JsonObject { [wrapper] = root } : root;
            return null;
        }
        catch (JsonException exception)
        {
            return $"This is no JSON: line {exception.LineNumber + 1}, position {exception.BytePositionInLine + 1}.";
        }
    }

    /// <summary>What a member has, as one writes it; empty when it is absent.</summary>
    public string this[string path] => TextOf(Find(path)) ?? "";

    /// <summary>Writes a member, or takes it away when there is nothing to write.</summary>
    public void Set(FormField field, string? text)
    {
        var names = field.Path.Split('.');
        if (string.IsNullOrWhiteSpace(text))
        {
            Remove(names);
            return;
        }

        var parent = _root;
        foreach (var name in names[..^1])
        {
            if (parent[name] is not JsonObject child) parent[name] = child = [];
            parent = child;
        }

        parent[names[^1]] = ValueOf(field.Kind, text.Trim());
    }

    /// <summary>How one writes a value.</summary>
    public static string? TextOf(JsonNode? value) => value switch
    {
        null => null,
        JsonArray list when list.All(element => element is JsonValue) => string.Join(", ", list.Select(element => element!.ToString())),
        JsonValue => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? value.ToJsonString() : value.ToString(),
        _ => value.ToJsonString(),
    };

    /// <summary>What was written, as JSON; what is no number where one is meant is left for the service to refuse.</summary>
    private static JsonNode ValueOf(FieldKind kind, string text)
    {
        if (kind is FieldKind.Text or FieldKind.Choice) return text;
        if (kind == FieldKind.Flag) return text == "true";
        if (NumberOf(text) is { } number) return number;
        if (kind == FieldKind.Number) return text;
        var numbers = text.Split(Separators, StringSplitOptions.RemoveEmptyEntries).Select(NumberOf).ToList();
        if (numbers.All(part => part is not null)) return new JsonArray([.. numbers]);
        try
        {
            return JsonNode.Parse(text)!;
        }
        catch (JsonException)
        {
            return text;
        }
    }

    /// <summary>A number as it is written, every digit of it.</summary>
    private static JsonNode? NumberOf(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : null;

    private JsonNode? Find(string path)
    {
        JsonNode? node = _root;
        foreach (var name in path.Split('.')) node = (node as JsonObject)?[name];
        return node;
    }

    /// <summary>Takes a member away, and the sections that are empty without it.</summary>
    private void Remove(string[] names)
    {
        List<JsonObject> parents = [_root];
        foreach (var name in names[..^1])
        {
            if (parents[^1][name] is not JsonObject child) return;
            parents.Add(child);
        }

        parents[^1].Remove(names[^1]);
        for (var depth = parents.Count - 1; depth > 0 && parents[depth].Count == 0; depth--) parents[depth - 1].Remove(names[depth - 1]);
    }
}
