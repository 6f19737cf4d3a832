using System.Globalization;
using System.Text.Json;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Layers.Replicas;

/// <summary>The JSON form of requests about replicas. Reading is strict and names every offending member.</summary>
public static class ReplicaJson
{
    private const string Profile = "profile", Gradients = "gradients";

    /// <summary>L^2 N^2 up to which the dynamic program takes about a second.</summary>
    private const decimal MostSteps = 20_000_000;

    /// <summary>The request in a document.</summary>
    /// <param name="root">The document.</param>
    /// <param name="limits">How large a pipeline may be.</param>
    /// <exception cref="InvalidProfileException">Members are wrong; all of them are named.</exception>
    public static ReplicaRequest Read(JsonElement root, ProblemLimits limits)
    {
        var errors = new List<ProfileError>();
        var request = new JsonValue(root, "$", errors).Members(Read);
        if (request is null || errors.Count > 0) throw new InvalidProfileException(errors);
        Check(request, limits, errors);
        return errors.Count == 0 ? request : throw new InvalidProfileException(errors);
    }

    private static ReplicaRequest? Read(JsonMembers members)
    {
        var profile = members.Required(Profile) is { } given ? ProfileJson.ReadProfile(given) : null;
        var gradients = members.Optional(Gradients)?.Each(size => size.Number());
        return profile is null ? null : new() { Profile = profile, Gradients = gradients };
    }

    private static void Check(ReplicaRequest request, ProblemLimits limits, List<ProfileError> errors)
    {
        var profile = request.Profile;
        errors.AddRange(ProfileValidation.Check(profile, limits, FeatureCatalogue.Default));
        if (errors.Count > 0) return;
        if (profile.Layers is not { } layers)
        {
            errors.Add(new("$.profile.layers", "Is missing: replicas are of stages that layers are dealt out to."));
            return;
        }

        foreach (var section in FeatureCatalogue.Default.Sections.Where(section => section.IsIn(profile) && !section.StatesStages))
            errors.Add(new($"$.profile.{section.Name}", "Does not go with replicas: leave it out."));
        if (profile.Times.Communication.Bytes is not null)
            errors.Add(new("$.profile.times.communication.bytes", "Is of stages, which are looked for: say output of the layers in its place."));
        if (profile.Pipeline is not { Chunks: 1, Split: null, Placement: null or "linear" })
            errors.Add(new("$.profile.pipeline", "Give devices and microbatches alone: a device has one stage, and the split is what is looked for."));
        CheckGradients(request, layers, errors);
        var steps = (decimal)layers.Total * layers.Total * profile.Pipeline.Devices * profile.Pipeline.Devices;
        if (steps > MostSteps)
        {
            var most = MostSteps.ToString(CultureInfo.InvariantCulture);
            errors.Add(new(
                "$.profile.layers",
                $"Has {layers.Total} layers for {profile.Pipeline.Devices} devices; the square of their product may be {most} at most: take several as one.",
                ProfileErrorKind.Impossible));
        }
    }

    private static void CheckGradients(ReplicaRequest request, LayerList layers, List<ProfileError> errors)
    {
        if (request.Gradients is not { } gradients) return;
        if (gradients.Length != layers.Count)
            errors.Add(new($"$.{Gradients}", $"Has {gradients.Length} numbers; give {layers.Count}, one for each item of profile.layers."));
        foreach (var (index, size) in gradients.Index().Where(gradient => gradient.Item is < 0 or > SectionCheck.Largest))
            errors.Add(new($"$.{Gradients}[{index}]", $"Is {SectionCheck.Text(size)}; must be from 0 to 10^12."));
        if (request.Profile.Times.Communication.Bandwidth is null)
            errors.Add(new($"$.{Gradients}", "Goes with profile.times.communication.bandwidth, which it is divided by: give both, or none."));
    }
}
