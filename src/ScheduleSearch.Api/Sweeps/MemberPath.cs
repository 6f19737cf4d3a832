using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ScheduleSearch.Api.Http;

namespace ScheduleSearch.Api.Sweeps;

/// <summary>The path of a member of a request: names with points between, and places in lists, from 0, in brackets.</summary>
internal sealed partial class MemberPath
{
    /// <summary>Most characters of a path.</summary>
    public const int Longest = 200;

    private const string Profile = "profile";

    private static readonly string[] Roots = [Profile, "options"];

    /// <summary>Names and places, outermost first.</summary>
    private readonly List<(string? Name, int Place)> _steps;

    private MemberPath(List<(string? Name, int Place)> steps) => _steps = steps;

    /// <summary>Reads a path: one that does not begin at the root of a request begins at its profile.</summary>
    /// <returns>Null when it is none.</returns>
    public static MemberPath? TryParse(string text)
    {
        if (text.Length is 0 or > Longest) return null;
        var parts = (text.StartsWith("$.", StringComparison.Ordinal) ? text[2..] : text).Split('.');
        var steps = new List<(string? Name, int Place)>();
        if (!Roots.Contains(parts[0])) steps.Add((Profile, 0));
        foreach (var part in parts)
        {
            if (Part().Match(part) is not { Success: true } match) return null;
            steps.Add((match.Groups[1].Value, 0));
            foreach (Capture place in match.Groups[2].Captures) steps.Add((null, int.Parse(place.ValueSpan, null)));
        }

        return new MemberPath(steps);
    }

    /// <summary>Puts a value where the path leads, and the objects on the way to it where there are none. Null takes the member out.</summary>
    /// <returns>Why it cannot be put there; null when it is.</returns>
    public string? Put(JsonObject request, JsonNode? value)
    {
        JsonNode at = request;
        foreach (var step in _steps[..^1])
        {
            if (Fault(at, step) is { } fault) return fault;
            if (Find(at, step) is not { } next)
            {
                if (step.Name is not { } name) return "Leads through an element that is null.";
                at[name] = next = new JsonObject();
            }

            at = next;
        }

        var last = _steps[^1];
        if (Fault(at, last) is { } wrong) return wrong;
        if (last.Name is not { } member) at[last.Place] = JsonMerging.Merged(at[last.Place], value);
        else if (value is null) at.AsObject().Remove(member);
        else at[member] = JsonMerging.Merged(at[member], value);
        return null;
    }

    private static JsonNode? Find(JsonNode at, (string? Name, int Place) step) => step.Name is { } name ? at[name] : at[step.Place];

    private static string? Fault(JsonNode at, (string? Name, int Place) step) => (step.Name, at) switch
    {
        ({ }, JsonObject) => null,
        ({ } name, _) => $"Leads to {name} of what is no object.",
        (null, JsonArray list) when step.Place < list.Count => null,
        (null, JsonArray list) => $"Leads to element {step.Place} of a list of {list.Count}.",
        _ => $"Leads to element {step.Place} of what is no list.",
    };

    [GeneratedRegex(@"^([A-Za-z][A-Za-z0-9]*)(?:\[([0-9]{1,6})\])*$")]
    private static partial Regex Part();
}
