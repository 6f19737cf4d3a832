using System.Text.Json;
using System.Text.Json.Nodes;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Core.Profiles;
using JsonValue = ScheduleSearch.Core.Profiles.Json.JsonValue;

namespace ScheduleSearch.Api.Sweeps;

/// <summary>Reads the axes of a sweep, and makes its points of them.</summary>
internal static class SweepAxes
{
    /// <summary>Where the axes stand in the body of a sweep.</summary>
    public const string Path = "$.axes";

    private const int MostAxes = 8;

    /// <summary>Digits after the point of what stands between two ends.</summary>
    private const int Digits = 6;

    /// <summary>Reads the axes: an object with the values of each member, by its path.</summary>
    /// <param name="axes">The object.</param>
    /// <param name="most">Most points that are taken.</param>
    /// <param name="errors">Where the faults are added.</param>
    public static IReadOnlyList<SweepAxis> Read(JsonElement axes, int most, List<ProfileError> errors)
    {
        if (!JsonMerging.TryRead(axes, Path, errors, out var node)) return [];
        if (node is not JsonObject { Count: >= 1 and <= MostAxes } members)
        {
            errors.Add(new(Path, $"Must be an object with 1 to {MostAxes} members that vary, each by its path, such as \"memory.limit\"."));
            return [];
        }

        var read = new List<SweepAxis>();
        foreach (var (name, values) in members)
        {
            var at = $"{Path}.{name}";
            if (MemberPath.TryParse(name) is { } path) read.Add(new SweepAxis(name, path, ValuesOf(values, at, most, errors)));
            else errors.Add(new(at, "Is no path of a member: names with points between, and places in lists in brackets, such as times.forward[2]."));
        }

        if (errors.Count > 0) return read;
        var points = read.Aggregate((Int128)1, (product, axis) => product * axis.Values.Count);
        if (points > most) errors.Add(new(Path, $"Make {points} points; this server takes at most {most} in a sweep.", ProfileErrorKind.Impossible));
        return read;
    }

    /// <summary>The values of each point, the last axis varying fastest.</summary>
    public static IEnumerable<IReadOnlyList<JsonNode?>> PointsOf(IReadOnlyList<SweepAxis> axes) => axes.Aggregate(
        (IEnumerable<IReadOnlyList<JsonNode?>>)[[]],
        (points, axis) => points.SelectMany(point => axis.Values.Select(value => (IReadOnlyList<JsonNode?>)[.. point, value])));

    private static IReadOnlyList<JsonNode?> ValuesOf(JsonNode? values, string path, int most, List<ProfileError> errors)
    {
        if (values is JsonArray { Count: > 0 } list && list.Count <= most) return [.. list];
        if (values is JsonObject) return RangeOf(JsonSerializer.SerializeToElement(values), path, most, errors);
        errors.Add(new(path, $"Must be a list of 1 to {most} values, or from, to and steps."));
        return [];
    }

    private static IReadOnlyList<JsonNode?> RangeOf(JsonElement range, string path, int most, List<ProfileError> errors)
    {
        var (from, to, steps) = new JsonValue(range, path, errors).Members(members =>
            (members.Required("from")?.Number(), members.Required("to")?.Number(), members.Required("steps")?.Whole()));
        if (from is not { } first || to is not { } last || steps is not { } count) return [];
        if (count >= 1 && count <= most && (count > 1 || first == last))
            return [.. Enumerable.Range(0, count).Select(step => NodeOf(Between(first, last, step, count)))];
        errors.Add(new($"{path}.steps", $"Is {count}; must be the number of values, from 2 to {most}, both ends among them."));
        return [];
    }

    private static decimal Between(decimal from, decimal to, int step, int count) =>
        step == 0 ? from : step == count - 1 ? to : decimal.Round(from / (count - 1) * (count - 1 - step) + to / (count - 1) * step, Digits);

    private static System.Text.Json.Nodes.JsonValue NodeOf(decimal number) => System.Text.Json.Nodes.JsonValue.Create(DecimalScale.Normalize(number));
}
