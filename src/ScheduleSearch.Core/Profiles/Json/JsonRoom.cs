using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace ScheduleSearch.Core.Profiles.Json;

/// <summary>
/// How much a body may hold, as it follows from the largest problem that is taken. What holds more is refused by reading over it once, before
/// anything is built of it: a body of few bytes, compressed, may hold millions of values.
/// </summary>
/// <param name="LongestArray">Most elements of an array.</param>
/// <param name="Elements">Most elements of all arrays together.</param>
/// <param name="Members">Most members of all objects together.</param>
public readonly record struct JsonRoom(long LongestArray, long Elements, long Members)
{
    /// <summary>Arrays of one number for each stage or device that a profile may have, and more.</summary>
    private const int ListsOfProfile = 16;

    /// <summary>Arrays of one number for each slice that it may have, and matrices of devices.</summary>
    private const int ListsOfShares = 3, Matrices = 2;

    /// <summary>Members of a profile and its options, and more.</summary>
    private const int MembersOfProfile = 1000;

    /// <summary>Profiles of a batch that may have arrays as long as there are.</summary>
    private const int LargeProfilesOfBatch = 4;

    /// <summary>Members of a profile of a batch and its options, those that most profiles leave out among them.</summary>
    private const int MembersOfOrdinary = 100;

    /// <summary>Operations of a stage and microbatch: three, one that recomputes, two that send.</summary>
    private const int OperationsForEachThree = 2;

    /// <summary>Members of an operation that is listed, those of a pair's halves among them, and more.</summary>
    private const int MembersOfOperation = 16;

    /// <summary>The room of a profile with its options.</summary>
    public static JsonRoom OfProfile(ProblemLimits limits)
    {
        // Two pipes have twice the stages, and there is at least one operation of each kind for each slice.
        long devices = limits.MaxDevices, stages = 2L * limits.MaxStages, slices = limits.MaxOperations / 3;
        return new JsonRoom(
            Math.Max(Math.Max(devices, stages), slices),
            ListsOfProfile * Math.Max(devices, stages) + ListsOfShares * slices + Matrices * devices * (devices + 1),
            MembersOfProfile);
    }

    /// <summary>The room of many profiles: that of a few large ones, or of as many ordinary ones as are taken.</summary>
    public static JsonRoom OfBatch(ProblemLimits limits, int profiles)
    {
        var profile = OfProfile(limits);
        return new JsonRoom(
            Math.Max(profile.LongestArray, profiles), LargeProfilesOfBatch * profile.Elements + profiles, profile.Members + MembersOfOrdinary * profiles);
    }

    /// <summary>The room of a profile with an order of its operations.</summary>
    public static JsonRoom OfOrder(ProblemLimits limits)
    {
        var (profile, operations) = (OfProfile(limits), (long)OperationsForEachThree * limits.MaxOperations);
        return new JsonRoom(
            Math.Max(profile.LongestArray, operations),
            profile.Elements + limits.MaxDevices + operations,
            profile.Members + MembersOfOperation * operations);
    }

    /// <summary>Reads over a document.</summary>
    /// <returns>The first value that holds too much; null when all is within this room.</returns>
    /// <exception cref="JsonException">It is not JSON, or deeper than the options say.</exception>
    public ProfileError? Check(ReadOnlySpan<byte> json, JsonReaderOptions options)
    {
        var reader = new Utf8JsonReader(json, options);
        var path = new Stack<Level>();
        var (level, elements, members) = (default(Level), 0L, 0L);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                level = level with { Name = (int)reader.TokenStartIndex + 1, NameLength = reader.ValueSpan.Length };
                if (++members > Members) return Refusal(json, path, $"Brings the members of all objects to more than {Members}, which no request has.");
                continue;
            }

            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                level = path.Pop();
                continue;
            }

            if (level.IsArray)
            {
                level = level with { Count = level.Count + 1 };
                if (level.Count > LongestArray) return Refusal(json, path, $"Has more than {LongestArray} elements, which no array of a request has.");
                if (++elements > Elements) return Refusal(json, path, $"Brings the elements of all arrays to more than {Elements}, which no request has.");
            }

            if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) continue;
            path.Push(level);
            level = new Level(IsArray: reader.TokenType == JsonTokenType.StartArray);
        }

        return null;
    }

    /// <summary>An error at the value that is open: the one that the innermost of the levels around it has come to.</summary>
    private static ProfileError Refusal(ReadOnlySpan<byte> json, Stack<Level> path, string message)
    {
        var place = JsonPlace.Root("$");
        // The outermost level holds the document itself.
        foreach (var level in path.Reverse().Skip(1))
        {
            var holder = new StrongBox<JsonPlace>(place);
            place = level.IsArray
                ? JsonPlace.Element(holder, level.Count - 1)
                : JsonPlace.Member(holder, Encoding.UTF8.GetString(json.Slice(level.Name, level.NameLength)));
        }

        return new ProfileError(place.ToString(), message);
    }

    /// <summary>An object or array that is open: where it has come to.</summary>
    private readonly record struct Level(bool IsArray, int Count = 0, int Name = 0, int NameLength = 0);
}
