using System.Text.Json;

namespace ScheduleSearch.Core.Profiles.Json;

public static partial class ProfileJson
{
    private const int LongestName = 200;

    /// <summary>Reads options; null when a member is wrong. Members left out have their defaults.</summary>
    /// <param name="element">The value to read.</param>
    /// <param name="path">Its JSON path, <c>$.options</c> in a request.</param>
    /// <param name="errors">Where every offending member is added.</param>
    public static SolveOptions? ReadOptions(JsonElement element, string path, List<ProfileError> errors) =>
        Whole(errors, () => ReadOptions(new JsonValue(element, path, errors)));

    /// <summary>Reads options that are a member of something larger; what is wrong in them is an error and has its default.</summary>
    public static SolveOptions? ReadOptions(JsonValue value) => value.Members(Options);

    /// <summary>Writes options as <see cref="ReadOptions(JsonElement, string, List{ProfileError})"/> reads them.</summary>
    public static void Write(Utf8JsonWriter writer, SolveOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("objective", NameOf(options.Objective));
        if (options.Noise is { } noise)
        {
            writer.WritePropertyName("noise");
            NoiseJson.Write(writer, noise);
        }

        if (options.Statistic is { } statistic) writer.WriteString("statistic", NameOf(statistic));
        writer.WriteNumber("timeLimitSeconds", options.TimeLimitSeconds);
        writer.WriteNumber("targetGap", options.TargetGap);
        writer.WriteBoolean("splitBackward", options.SplitBackward);
        if (options.Family is { } family) writer.WriteString("family", family);
        WriteNames("formats", options.Formats);
        if (options.Runtime is { } runtime) writer.WriteString("runtime", runtime);
        WriteNames("placements", options.Placements);
        if (options.WorkLimit is { } work) writer.WriteNumber("workLimit", work);
        writer.WriteNumber("seed", options.Seed);
        writer.WriteEndObject();

        void WriteNames(string member, IReadOnlyList<string>? names)
        {
            if (names is null) return;
            writer.WriteStartArray(member);
            foreach (var name in names) writer.WriteStringValue(name);
            writer.WriteEndArray();
        }
    }

    /// <summary>The name of a mode in requests and answers.</summary>
    public static string NameOf(IterationMode mode) => mode == IterationMode.Train ? "train" : "forward";

    /// <summary>The name of an objective in requests and answers.</summary>
    public static string NameOf(Objective objective) => objective == Objective.Makespan ? "makespan" : "span";

    /// <summary>The name of a statistic in requests and answers.</summary>
    public static string NameOf(Statistic statistic) => statistic == Statistic.Mean ? "mean" : "p95";

    private static SolveOptions Options(JsonMembers members)
    {
        var defaults = new SolveOptions();
        var (noise, statistic) = (members.Optional("noise"), members.Optional("statistic"));
        if (statistic is { } alone && noise is null) alone.Refuse("Is of the scenarios of noise, which is left out: give options.noise, or leave this out.");
        return new SolveOptions
        {
            Objective = members.Optional("objective")?.OneOf(Enum.GetValues<Objective>(), NameOf) ?? defaults.Objective,
            Noise = noise?.Members(NoiseJson.Read),
            Statistic = statistic?.OneOf(Enum.GetValues<Statistic>(), NameOf),
            TimeLimitSeconds = members.Optional("timeLimitSeconds")?.Number(0, above: true, double.MaxValue, "a number of seconds above 0")
                ?? defaults.TimeLimitSeconds,
            TargetGap = members.Optional("targetGap")?.Number(0, above: false, 1, "a number from 0 to 1") ?? defaults.TargetGap,
            SplitBackward = members.Optional("splitBackward")?.Flag() ?? defaults.SplitBackward,
            Family = members.Optional("family")?.Text(LongestName),
            Formats = members.Optional("formats")?.EachObject(name => name.Text(LongestName)),
            Runtime = members.Optional("runtime")?.Text(LongestName),
            Placements = members.Optional("placements")?.EachObject(name => name.Text(LongestName)),
            WorkLimit = members.Optional("workLimit")?.Whole(least: 1),
            Seed = members.Optional("seed")?.Whole() ?? defaults.Seed,
        };
    }
}
