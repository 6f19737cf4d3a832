using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using JsonValue = ScheduleSearch.Core.Profiles.Json.JsonValue;

namespace ScheduleSearch.Api.Sweeps;

/// <summary>Reads the bodies of sweeps and makes the requests of their points.</summary>
internal sealed class SweepReader(RequestBody body, RequestReader requests, IOptions<LimitSettings> limits)
{
    private const string BasePath = "$.base";

    /// <summary>A sweep. A point whose request is wrong is one of its points; where none is right, nothing is taken.</summary>
    /// <exception cref="InvalidProfileException">Members are wrong, or the requests of all points are; all members are named.</exception>
    public async Task<SweepSubmission> ReadAsync(HttpContext context)
    {
        var most = limits.Value.MaxSweepPoints;
        using var document = await body.ReadAsync(context, JsonRoom.OfBatch(limits.Value.OfProblems(), most));
        var (errors, root) = (new List<ProfileError>(), document.Root);
        var (seconds, tokens, price) = new JsonValue(root, "$", errors).Members(members =>
        {
            members.Required("base");
            members.Required("axes");
            return (
                members.Optional("timeLimitSeconds")?.Number(0, above: true, limits.Value.MaxTimeLimitSeconds,
                    FormattableString.Invariant($"seconds above 0, at most {limits.Value.MaxTimeLimitSeconds}")),
                members.Optional("tokens")?.Number(0, above: true, 1e12, "a number above 0, at most 1e12"),
                members.Optional("price")?.Number(0, above: false, 1e12, "a number from 0 to 1e12"));
        });
        if (errors.Count > 0) throw new InvalidProfileException(errors);
        var basis = ReadObject(root.GetProperty("base"), BasePath, errors);
        var axes = SweepAxes.Read(root.GetProperty("axes"), most, errors);
        if (errors.Count > 0 || basis is null) throw new InvalidProfileException(errors);
        return Submit(basis, axes, (seconds, tokens, price), Digest(root));
    }

    private SweepSubmission Submit(JsonObject basis, IReadOnlyList<SweepAxis> axes, (double? Seconds, double? Tokens, double? Price) more, string digest)
    {
        var (points, submitted, first) = (new List<SweepPoint>(), new Dictionary<string, SubmittedRequest>(), (InvalidProfileException?)null);
        foreach (var values in SweepAxes.PointsOf(axes))
        {
            try
            {
                var request = requests.ReadSolve(RequestOf(basis, axes, values, more.Seconds));
                submitted.TryAdd(request.Submission.Id, request);
                points.Add(PointOf(values, request));
            }
            catch (InvalidProfileException invalid)
            {
                first ??= invalid;
                points.Add(new SweepPoint(values, null, ProblemExceptionHandler.OfProfile(invalid)));
            }
        }

        if (submitted.Count == 0) throw new InvalidProfileException([.. first!.Errors.Select(InSweep)]);
        var order = submitted.Values.OrderBy(request => RoomOf(request.Submission.Profile)).ToList();
        return new SweepSubmission(new SweepPlan([.. axes.Select(axis => axis.Name)], points, more.Tokens, more.Price), order, digest);
    }

    /// <summary>An error of a point's request, whose members stand in the base where no axis states them.</summary>
    private static ProfileError InSweep(ProfileError error) =>
        error.Path.StartsWith(SweepAxes.Path, StringComparison.Ordinal) ? error : error with { Path = BasePath + error.Path[1..] };

    private static SweepPoint PointOf(IReadOnlyList<JsonNode?> values, SubmittedRequest request)
    {
        var profile = request.Submission.Profile;
        return new SweepPoint(values, request.Submission.Id, null)
        {
            Devices = profile.Pipeline.Devices,
            Microbatches = profile.Pipeline.Microbatches,
            TimeUnit = profile.Times.Unit,
            MemoryUnit = profile.Memory?.Unit ?? MemoryUnit.MiB,
        };
    }

    /// <summary>What the devices may hold in all: what is found with less of it is a start where there is more.</summary>
    private static decimal RoomOf(Profile profile) => profile.RoomOfDevices() is { } limit
        ? Enumerable.Range(0, profile.Pipeline.Devices).Sum(device => limit[device])
        : decimal.MaxValue;

    /// <exception cref="InvalidProfileException">A value cannot be put where its axis leads.</exception>
    private static JsonElement RequestOf(JsonObject basis, IReadOnlyList<SweepAxis> axes, IReadOnlyList<JsonNode?> values, double? seconds)
    {
        var request = (JsonObject)basis.DeepClone();
        if (seconds is { } limit) MemberPath.TryParse("options.timeLimitSeconds")!.Put(request, System.Text.Json.Nodes.JsonValue.Create(limit));
        foreach (var (axis, value) in axes.Zip(values))
        {
            if (axis.Path.Put(request, value) is { } fault) throw new InvalidProfileException([new ProfileError($"{SweepAxes.Path}.{axis.Name}", fault)]);
        }

        return JsonSerializer.SerializeToElement(request);
    }

    /// <summary>An object that holds no member twice, at any depth.</summary>
    private static JsonObject? ReadObject(JsonElement element, string path, List<ProfileError> errors)
    {
        if (JsonMerging.TryRead(element, path, errors, out var node) && node is not JsonObject)
            errors.Add(new(path, "Must be an object: a body that solve takes."));
        return node as JsonObject;
    }

    private static string Digest(JsonElement root) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root.GetRawText())));
}
