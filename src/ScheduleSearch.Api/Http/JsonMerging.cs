using System.Text.Json;
using System.Text.Json.Nodes;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Http;

/// <summary>JSON that is changed before it is read: members of one document put into another.</summary>
internal static class JsonMerging
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>What an element holds, where no object at any depth holds a member twice.</summary>
    /// <param name="element">The element.</param>
    /// <param name="path">Its path, which errors name.</param>
    /// <param name="errors">Where the fault is added.</param>
    /// <param name="node">What it holds; null too where that is null.</param>
    public static bool TryRead(JsonElement element, string path, List<ProfileError> errors, out JsonNode? node)
    {
        node = null;
        try
        {
            node = JsonNode.Parse(element.GetRawText(), documentOptions: Strict);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            errors.Add(new(path, "Has a member that stands more than once in its object, or text with a lone surrogate."));
            return false;
        }
    }

    /// <summary>A document with a patch applied, as RFC 7396 has it: objects are merged, null takes a member out, and all else is replaced.</summary>
    public static JsonNode? Merged(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject members) return patch?.DeepClone();
        var merged = target as JsonObject is { } present ? (JsonObject)present.DeepClone() : [];
        foreach (var (name, value) in members)
        {
            if (value is null) merged.Remove(name);
            else merged[name] = Merged(merged[name], value);
        }

        return merged;
    }
}
