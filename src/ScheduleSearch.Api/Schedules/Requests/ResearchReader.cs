using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>Reads what is to be searched again: a stored schedule's request with other times or limits.</summary>
internal sealed class ResearchReader(RequestBody body, RequestReader requests, IOptions<LimitSettings> limits)
{
    private const string Profile = "profile", Options = "options", Pipeline = "pipeline";

    private static readonly ProfileError NoObject = new("$", "Must be an object, such as { \"profile\": { \"times\": { \"communication\": 0.25 } } }.");

    private static readonly ProfileError NoProfile = new(
        "$.profile", "Must be an object: a whole profile, or the members that change, such as { \"times\": { \"communication\": 0.25 } }.");

    /// <summary>Reads the body.</summary>
    /// <exception cref="InvalidProfileException">It is no object, or has no profile.</exception>
    public async Task<JsonObject> ReadAsync(HttpContext context)
    {
        using var document = await body.ReadAsync(context, JsonRoom.OfProfile(limits.Value.OfProblems()));
        var errors = new List<ProfileError>();
        if (!JsonMerging.TryRead(document.Root, "$", errors, out var node)) throw new InvalidProfileException(errors);
        return node is not JsonObject request ? throw new InvalidProfileException([NoObject])
            : request[Profile] is not JsonObject ? throw new InvalidProfileException([NoProfile])
            : request;
    }

    /// <summary>The request that solve would take.</summary>
    /// <param name="asked">The body.</param>
    /// <param name="stored">What was submitted for the stored schedule, as JSON.</param>
    /// <param name="problem">The problem of the stored schedule.</param>
    /// <exception cref="InvalidProfileException">Members are wrong, or the shape is another one; all of them are named.</exception>
    public SubmittedRequest Merge(JsonObject asked, string stored, Problem problem)
    {
        var (request, before) = ((JsonObject)asked.DeepClone(), JsonNode.Parse(stored)!);
        if (request[Profile] is JsonObject changed && !changed.ContainsKey(Pipeline)) request[Profile] = JsonMerging.Merged(before[Profile], changed);
        if (request[Options] is null or JsonObject)
        {
            var options = (JsonObject)before[Options]!.DeepClone();
            // A family's schedule is where the search begins, and not what is asked for.
            options.Remove("family");
            request[Options] = JsonMerging.Merged(options, request[Options] ?? new JsonObject());
        }

        var read = requests.ReadSolve(JsonSerializer.SerializeToElement(request));
        var faults = Faults(read, problem).ToList();
        return faults.Count == 0 ? read : throw new InvalidProfileException(faults);
    }

    private static IEnumerable<ProfileError> Faults(SubmittedRequest read, Problem stored)
    {
        if (read.Options.Family is not null)
            yield return Impossible("$.options.family", "Is not searched: ask solve for it.");
        if (read.Options.WorkLimit is not null)
        {
            yield return Impossible(
                "$.options.workLimit", "Promises the same answer whatever is stored, and this search begins with what is: give timeLimitSeconds.");
        }

        if (read.Submission.Asked is not { Problem: var problem })
        {
            var open = OpenMemberOf(read.Submission.Profile);
            yield return Impossible($"$.profile.{open}", "Is left open, and the schedule has one way: state that, or ask solve.");
            yield break;
        }

        if (problem.SplitBackward != stored.SplitBackward && stored.SplitBackward)
            yield return Impossible("$.options.splitBackward", "Is false, and the schedule's backwards are split: ask solve, which begins anew.");
        foreach (var (path, was, now) in ShapeDifference.Between(stored, problem))
        {
            yield return Impossible(
                path, $"Is {now}, and the schedule has {was}: its order is of that shape. Leave it as it was, or ask solve, which begins anew.");
        }
    }

    private static string OpenMemberOf(Profile profile) => PlacementChoice.IsPlacementOpen(profile)
        ? "pipeline.placement"
        : FeatureCatalogue.Default.All.OfType<IOpenFeature>().First(feature => feature.IsLeftOpen(profile)).OpenMember;

    private static ProfileError Impossible(string path, string message) => new(path, message, ProfileErrorKind.Impossible);
}
