using System.Collections.Immutable;
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

    private const double MostVariation = 5, MostFactor = 100, MostTime = 1e12;

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
                Noise = members.Optional("noise")?.Members(ReadNoise) ?? otherwise.Noise,
            };
        });
        return request is not null && errors.Count == 0 ? request : throw new InvalidProfileException(errors);
    }

    private static Noise ReadNoise(JsonMembers members) => new()
    {
        Operation = members.Optional("operation") is { } operation ? Variations(operation) : 0,
        Stage = members.Optional("stage") is { } stage ? Variations(stage) : 0,
        Microbatch = members.Optional("microbatch") is { } microbatch ? Variation(microbatch) ?? 0 : 0,
        SlowDevices = members.Optional("slowDevices")?.EachObject(ReadDevice) ?? [],
        Spikes = members.Optional("spikes")?.Members(ReadSpikes),
        Samples = members.Optional("samples")?.Members(ReadSamples),
    };

    private static StageValues Variations(JsonValue value) => value.IsArray
        ? value.Each(Variation) is { } each ? StageValues.Each(each) : 0
        : Variation(value) ?? 0;

    private static decimal? Variation(JsonValue value) =>
        (decimal?)value.Number(0, above: false, MostVariation, "a coefficient of variation from 0 to 5, such as 0.1 for 10 %");

    private static SlowDevice? ReadDevice(JsonValue value) => value.Members(members =>
    {
        var device = members.Required("device")?.Whole(0, int.MaxValue);
        var factor = members.Required("factor")?.Number(0, above: true, MostFactor, "a factor above 0, at most 100");
        return device is null || factor is null ? null : new SlowDevice { Device = (int)device, Factor = factor.Value };
    });

    private static LinkSpikes? ReadSpikes(JsonMembers members)
    {
        var probability = members.Required("probability")?.Number(0, above: false, 1, "a probability from 0 to 1");
        var size = members.Required("size") is { } given ? Time(given) : null;
        return probability is null || size is null ? null : new LinkSpikes { Probability = probability.Value, Size = size.Value };
    }

    private static DurationSamples? ReadSamples(JsonMembers members)
    {
        var backward = members.Optional("backward");
        if (backward is not null) members.LeaveOut(["backwardInput", "backwardWeight"]);
        var samples = new DurationSamples
        {
            Forward = members.Optional("forward") is { } forward ? Lists(forward) : null,
            Backward = backward is { } whole ? Lists(whole) : null,
            BackwardInput = backward is null && members.Optional("backwardInput") is { } input ? Lists(input) : null,
            BackwardWeight = backward is null && members.Optional("backwardWeight") is { } weight ? Lists(weight) : null,
        };
        // What is wrong has been told of.
        if (!members.Has("backward") && !members.Has("backwardInput") && !members.Has("backwardWeight")) members.Required("forward");
        return samples.Members().Any() ? samples : null;
    }

    private static ImmutableArray<ImmutableArray<decimal>>? Lists(JsonValue value) => value.Each(list => list.Each(Time));

    private static decimal? Time(JsonValue value) => (decimal?)value.Number(0, above: false, MostTime, "a time from 0 to 1e12");
}
