using System.Text.Json;

namespace ScheduleSearch.Core.Traces;

/// <summary>A file of a run: a JSON value, or text.</summary>
/// <param name="Name">Its name; null where it has none.</param>
/// <param name="Path">Its JSON path in the request.</param>
/// <param name="Content">What it holds: a string where it is text.</param>
public sealed record TraceFile(string? Name, string Path, JsonElement Content)
{
    private const string EventList = "traceEvents";

    /// <summary>Whether it is a table or another text.</summary>
    public bool IsText => Content.ValueKind == JsonValueKind.String;

    /// <summary>The JSON path of its events.</summary>
    public string EventsPath => Content.ValueKind == JsonValueKind.Object ? $"{Path}.{EventList}" : Path;

    /// <summary>Its events, where it is a trace as Chrome has them: a list, or an object with one; null where it is none.</summary>
    public JsonElement? Events => Content.ValueKind switch
    {
        JsonValueKind.Array => Content,
        JsonValueKind.Object when Content.TryGetProperty(EventList, out var events) && events.ValueKind == JsonValueKind.Array => events,
        _ => null,
    };

    /// <summary>Whether it is such a trace and an event has a name that is sought.</summary>
    public bool HasEvent(Func<string, bool> isSought)
    {
        if (Events is not { } events) return false;
        foreach (var each in events.EnumerateArray())
        {
            if (NameOf(each) is { } name && isSought(name)) return true;
        }

        return false;
    }

    /// <summary>The first number of its name after a word; null where there is none.</summary>
    public int? NumberAfter(string word)
    {
        if (Name is null || Name.LastIndexOf(word, StringComparison.OrdinalIgnoreCase) is not (>= 0 and var place)) return null;
        var digits = Name.AsSpan(place + word.Length).TrimStart("_-.");
        var length = 0;
        while (length < digits.Length && char.IsAsciiDigit(digits[length])) length++;
        return int.TryParse(digits[..length], out var number) ? number : null;
    }

    /// <summary>The name of an event; null where it has none.</summary>
    public static string? NameOf(JsonElement traceEvent)
    {
        if (traceEvent.ValueKind != JsonValueKind.Object || !traceEvent.TryGetProperty("name", out var name)) return null;
        if (name.ValueKind != JsonValueKind.String) return null;
        try
        {
            return name.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is no text.
            return null;
        }
    }
}
