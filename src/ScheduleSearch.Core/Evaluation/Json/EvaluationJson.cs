using System.Text.Json;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Evaluation.Json;

/// <summary>Reads how a schedule is to be replayed. Whether it goes with the problem is asked by <see cref="EvaluationCheck"/>.</summary>
public static class EvaluationJson
{
    /// <summary>The most replays.</summary>
    public const int MostReplays = 100_000;

    /// <summary>The most measured durations of all lists together.</summary>
    public const int MostSamples = 1_000_000;

    /// <summary>Reads a request.</summary>
    /// <exception cref="InvalidProfileException">Members are wrong; all of them are named.</exception>
    public static EvaluationRequest Read(JsonElement root)
    {
        var errors = new List<ProfileError>();
        var request = new JsonValue(root, "$", errors).Members(members =>
        {
            var otherwise = new EvaluationRequest();
            return new EvaluationRequest
            {
                Replays = (int)(members.Optional("replays")?.Whole(1, MostReplays) ?? otherwise.Replays),
                Seed = members.Optional("seed")?.Whole(0) ?? otherwise.Seed,
                Families = members.Optional("families")?.Flag() ?? otherwise.Families,
                Noise = members.Optional("noise")?.Members(NoiseJson.Read) ?? otherwise.Noise,
            };
        });
        return request is not null && errors.Count == 0 ? request : throw new InvalidProfileException(errors);
    }
}
