using System.Buffers;
using System.Text;
using System.Text.Json;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Storage;

/// <summary>Problems and solutions as rows hold them.</summary>
internal static class StoredProblem
{
    /// <summary>A request as JSON.</summary>
    public static string Write(StoredRequest request)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("profile");
            ProfileJson.Write(writer, request.Profile);
            writer.WritePropertyName("options");
            ProfileJson.Write(writer, request.Options);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>The problem of a row.</summary>
    /// <exception cref="InvalidDataException">The row does not hold the problem of its id.</exception>
    public static Problem Read(ScheduleRow row)
    {
        // What was accepted once stays solvable when the server's limits are lowered.
        var problem = Read(row, (profile, options) => Problem.Create(profile, options.Objective, options.SplitBackward, ProblemLimits.None, options.Family));
        return problem.Id == row.Id ? problem : throw new InvalidDataException("The stored request is another problem's.");
    }

    /// <summary>The choice of a placement of a row that points.</summary>
    /// <exception cref="InvalidDataException">The row does not hold the choice of its id.</exception>
    public static PlacementChoice ReadChoice(ScheduleRow row)
    {
        var choice = Read(row, (profile, options) => PlacementChoice.Create(profile, options.Objective, options.SplitBackward, ProblemLimits.None));
        return choice.Id == row.Id ? choice : throw new InvalidDataException("The stored request is another choice's.");
    }

    /// <summary>The problem or the choice of a row.</summary>
    /// <exception cref="InvalidDataException">The row does not hold what its id says.</exception>
    public static StoredRequest ReadRequest(ScheduleRow row) => row.IsChoice ? StoredRequest.Of(ReadChoice(row)) : StoredRequest.Of(Read(row));

    private static T Read<T>(ScheduleRow row, Func<Profile, SolveOptions, T> create)
    {
        try
        {
            using var document = JsonDocument.Parse(row.Request);
            var errors = new List<ProfileError>();
            var profile = ProfileJson.ReadProfile(document.RootElement.GetProperty("profile"), "$.profile", errors);
            var options = ProfileJson.ReadOptions(document.RootElement.GetProperty("options"), "$.options", errors);
            if (profile is null || options is null) throw new InvalidProfileException(errors);
            return create(profile, options);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or InvalidProfileException)
        {
            throw new InvalidDataException("The stored request cannot be read.", exception);
        }
    }

    /// <summary>The solution of a row, replayed and verified; null when it has none yet.</summary>
    /// <exception cref="InvalidDataException">The stored schedule is invalid or not worth what the row says.</exception>
    public static Solution? ReadSolution(ScheduleRow row, Problem problem)
    {
        if (row is not { Order: { } order, Method: { } method, BoundName: { } boundName, BoundTicks: { } bound }) return null;
        try
        {
            var solution = Solution.Verified(OrderCodec.Decode(problem, order), method, new ProvedBound(bound, boundName));
            return solution.Objective == row.ObjectiveTicks
                ? solution
                : throw new InvalidDataException($"The stored schedule takes {solution.Objective} ticks, not {row.ObjectiveTicks}.");
        }
        catch (Exception exception) when (exception is ContradictionException or DeadlockException)
        {
            throw new InvalidDataException("The stored schedule is invalid.", exception);
        }
    }
}
