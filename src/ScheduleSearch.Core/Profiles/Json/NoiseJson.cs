using System.Collections.Immutable;
using System.Text.Json;

namespace ScheduleSearch.Core.Profiles.Json;

/// <summary>The JSON form of noise. Whether it goes with a problem is asked by <see cref="NoiseCheck"/>.</summary>
public static class NoiseJson
{
    private const double MostVariation = 5, MostFactor = 100, MostTime = 1e12;

    /// <summary>Reads noise; what is wrong is an error and has its default.</summary>
    public static Noise Read(JsonMembers members) => new()
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

    /// <summary>Writes noise as it is read: numbers of double precision with the digits that they keep.</summary>
    public static void Write(Utf8JsonWriter writer, Noise noise)
    {
        writer.WriteStartObject();
        Write(writer, "operation", noise.Operation);
        Write(writer, "stage", noise.Stage);
        writer.WriteNumber("microbatch", noise.Microbatch);
        if (!noise.SlowDevices.IsEmpty)
        {
            writer.WriteStartArray("slowDevices");
            foreach (var slow in noise.SlowDevices)
            {
                writer.WriteStartObject();
                writer.WriteNumber("device", slow.Device);
                writer.WriteNumber("factor", (decimal)slow.Factor);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        if (noise.Spikes is { } spikes)
        {
            writer.WriteStartObject("spikes");
            writer.WriteNumber("probability", (decimal)spikes.Probability);
            writer.WriteNumber("size", spikes.Size);
            writer.WriteEndObject();
        }

        if (noise.Samples is { } samples)
        {
            writer.WriteStartObject("samples");
            foreach (var (name, lists) in samples.Members())
            {
                writer.WriteStartArray(name);
                foreach (var list in lists) Write(writer, list);
                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string member, StageValues values)
    {
        writer.WritePropertyName(member);
        if (values.IsScalar) writer.WriteNumberValue(values[0]);
        else Write(writer, values.Numbers);
    }

    private static void Write(Utf8JsonWriter writer, ImmutableArray<decimal> numbers)
    {
        writer.WriteStartArray();
        foreach (var number in numbers) writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }
}
