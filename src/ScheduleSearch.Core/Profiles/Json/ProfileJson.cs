using System.Collections.Immutable;
using System.Text.Json;

namespace ScheduleSearch.Core.Profiles.Json;

/// <summary>The JSON form of profiles and options. Reading is strict and names every offending member; what is written reads back the same.</summary>
public static partial class ProfileJson
{
    private const int LongestName = 200;

    /// <summary>Reads a profile; null when a member is wrong. Shapes and ranges are checked by <see cref="Problem.Create"/>.</summary>
    /// <param name="element">The value to read.</param>
    /// <param name="path">Its JSON path, <c>$.profile</c> in a request.</param>
    /// <param name="errors">Where every offending member is added.</param>
    public static Profile? ReadProfile(JsonElement element, string path, List<ProfileError> errors) =>
        Whole(errors, () => ReadProfile(new JsonValue(element, path, errors)));

    /// <summary>Reads options; null when a member is wrong. Members left out have their defaults.</summary>
    /// <param name="element">The value to read.</param>
    /// <param name="path">Its JSON path, <c>$.options</c> in a request.</param>
    /// <param name="errors">Where every offending member is added.</param>
    public static SolveOptions? ReadOptions(JsonElement element, string path, List<ProfileError> errors) =>
        Whole(errors, () => ReadOptions(new JsonValue(element, path, errors)));

    /// <summary>Reads a profile that is a member of something larger; null when it could not be made, with an error.</summary>
    public static Profile? ReadProfile(JsonValue value) => value.Members(Profile);

    /// <summary>Reads options that are a member of something larger; what is wrong in them is an error and has its default.</summary>
    public static SolveOptions? ReadOptions(JsonValue value) => value.Members(Options);

    private static Profile? Profile(JsonMembers members)
    {
        var name = members.Optional("name")?.Text(LongestName);
        var pipeline = members.Required("pipeline")?.Members(Pipeline);
        var times = members.Required("times")?.Members(Times);
        var memory = members.Optional("memory")?.Members(Memory);
        var overlap = members.Optional("overlap")?.Members(Overlap);
        var slices = members.Optional("slices")?.Members(Slices);
        var recompute = members.Optional("recompute")?.Members(Recompute);
        return pipeline is null || times is null ? null : new Profile
        {
            Name = name,
            Pipeline = pipeline,
            Times = times,
            Memory = memory,
            Overlap = overlap,
            Slices = slices,
            Recompute = recompute,
        };
    }

    private static PipelineShape? Pipeline(JsonMembers members)
    {
        var devices = members.Required("devices")?.Whole();
        var chunks = members.Optional("chunks")?.Whole();
        var placement = members.Optional("placement")?.Text(LongestName);
        var stageDevices = StageDevices(members.Optional("stageDevices"));
        var microbatches = members.Required("microbatches")?.Whole();
        return devices is null || microbatches is null ? null : new PipelineShape
        {
            Devices = devices.Value,
            Chunks = chunks ?? 1,
            Placement = placement,
            StageDevices = stageDevices,
            Microbatches = microbatches.Value,
        };
    }

    /// <summary>What is wrong has a value that no rule objects to, so that the rest can be judged too.</summary>
    private static OperationTimes Times(JsonMembers members)
    {
        var unit = members.Optional("unit")?.OneOf(Enum.GetValues<TimeUnit>(), NameOf);
        var forward = Values(members.Required("forward"));
        var backwardInput = Values(members.Required("backwardInput"));
        var backwardWeight = Values(members.Required("backwardWeight"));
        var communication = Links(members.Optional("communication"));
        return new OperationTimes
        {
            Unit = unit ?? TimeUnit.ms,
            Forward = forward ?? 0,
            BackwardInput = backwardInput ?? 0,
            BackwardWeight = backwardWeight ?? 0,
            Communication = communication ?? LinkValues.Same(0),
        };
    }

    private static ActivationMemory Memory(JsonMembers members) => new()
    {
        Unit = members.Optional("unit")?.OneOf(Enum.GetValues<MemoryUnit>(), NameOf) ?? MemoryUnit.MiB,
        Limit = Values(members.Optional("limit")),
        Activation = Values(members.Optional("activation")),
        Retained = Values(members.Optional("retained")),
        Weights = Values(members.Optional("weights")),
        Total = Values(members.Optional("total")),
    };

    private static SolveOptions Options(JsonMembers members)
    {
        var defaults = new SolveOptions();
        return new SolveOptions
        {
            Objective = members.Optional("objective")?.OneOf(Enum.GetValues<Objective>(), NameOf) ?? defaults.Objective,
            TimeLimitSeconds = members.Optional("timeLimitSeconds")?.Number(0, above: true, double.MaxValue, "a number of seconds above 0")
                ?? defaults.TimeLimitSeconds,
            TargetGap = members.Optional("targetGap")?.Number(0, above: false, 1, "a number from 0 to 1") ?? defaults.TargetGap,
            SplitBackward = members.Optional("splitBackward")?.Flag() ?? defaults.SplitBackward,
            Family = members.Optional("family")?.Text(LongestName),
            WorkLimit = members.Optional("workLimit")?.Whole(least: 1),
            Seed = members.Optional("seed")?.Whole() ?? defaults.Seed,
        };
    }

    /// <summary>One list for one pipe; for two pipes a list of two lists, or one behind the other in one.</summary>
    private static ImmutableArray<int>? StageDevices(JsonValue? value) =>
        value is not { } given ? null
        : given.IsArrayOfArrays ? given.Each(pipe => pipe.Each(device => device.Whole())) is { } pipes ? [.. pipes.SelectMany(pipe => pipe)] : null
        : given.Each(device => device.Whole());

    private static OverlapTimes? Overlap(JsonMembers members) =>
        Values(members.Required("duration")) is { } duration ? new OverlapTimes { Duration = duration } : null;

    private static ActivationRecompute? Recompute(JsonMembers members)
    {
        var time = Values(members.Optional("time"));
        var kept = Values(members.Required("kept"));
        var stages = Choice(members.Optional("choose"));
        return kept is null ? null : new ActivationRecompute { Time = time, Kept = kept, Stages = stages };
    }

    /// <summary>Which stages are chosen: "all" (null), "none" or a list.</summary>
    private static ImmutableArray<int>? Choice(JsonValue? value) =>
        value is not { } given ? null
        : given.IsArray ? given.Each(stage => stage.Whole()) ?? []
        : given.OneOf([true, false], all => all ? "all" : "none") == false ? [] : null;

    private static SequenceSlices? Slices(JsonMembers members)
    {
        var count = members.Required("count")?.Whole();
        var slices = new SequenceSlices
        {
            Count = count ?? 1,
            Forward = members.Optional("forward")?.Each(share => share.Number()),
            Backward = members.Optional("backward")?.Each(share => share.Number()),
            Activation = members.Optional("activation")?.Each(share => share.Number()),
            KeyValue = Values(members.Optional("keyValue")),
            Sequence = members.Optional("sequence")?.Whole(),
            Hidden = members.Optional("hidden")?.Whole(),
            Cut = members.Optional("cut")?.OneOf(Enum.GetValues<SequenceCut>(), NameOf) ?? SequenceCut.Even,
            Multiple = members.Optional("multiple")?.Whole() ?? 1,
        };
        return count is null ? null : slices;
    }

    private static StageValues? Values(JsonValue? value) =>
        value is not { } given ? null
        : given.IsArray ? given.Each(number => number.Number()) is { } numbers ? StageValues.Each(numbers) : null
        : given.Number() is { } single ? StageValues.Same(single) : null;

    private static LinkValues? Links(JsonValue? value) =>
        value is not { } given ? null
        : given.IsArray ? given.Each(Row) is { } rows ? LinkValues.Each(rows.Select(row => row.AsEnumerable())) : null
        : given.Number() is { } single ? LinkValues.Same(single) : null;

    private static ImmutableArray<decimal>? Row(JsonValue value) => value.Each(number => number.Number());

    private static T? Whole<T>(List<ProfileError> errors, Func<T?> read)
        where T : class
    {
        var before = errors.Count;
        var value = read();
        return errors.Count == before ? value : null;
    }

    private static string NameOf(TimeUnit unit) => unit.ToString();

    private static string NameOf(MemoryUnit unit) => unit.ToString();

    /// <summary>The name of a cut in requests and answers.</summary>
    public static string NameOf(SequenceCut cut) => cut == SequenceCut.Even ? "even" : "equalFlops";

    /// <summary>The name of an objective in requests and answers.</summary>
    public static string NameOf(Objective objective) => objective == Objective.Makespan ? "makespan" : "span";
}
