using System.Collections.Immutable;
using System.Globalization;
using ScheduleSearch.Core.Placements;

namespace ScheduleSearch.Core.Profiles;

/// <summary>Finds every offending member of a profile before anything is built from it.</summary>
internal sealed class ProfileValidation
{
    /// <summary>The range of numbers that keeps every sum exact: a time or an amount is 0 or lies within it.</summary>
    internal const decimal Smallest = 1e-6m, Largest = 1e12m;

    /// <summary>The largest ratio of two times that a schedule can sensibly weigh against each other.</summary>
    internal const decimal LargestRatio = 1e9m;

    private const string Root = "$.profile";

    private readonly Profile _profile;
    private readonly ProblemLimits _limits;
    private readonly List<ProfileError> _errors = [];

    private ProfileValidation(Profile profile, ProblemLimits limits) => (_profile, _limits) = (profile, limits);

    /// <summary>All offending members, in the order of the request; empty when the profile is a problem to solve.</summary>
    public static IReadOnlyList<ProfileError> Check(Profile profile, ProblemLimits limits)
    {
        var validation = new ProfileValidation(profile, limits);
        validation.CheckPipeline();
        // Arrays cannot be judged against a shape that is itself in doubt.
        if (validation._errors.Count == 0) validation.CheckValues();
        return validation._errors;
    }

    private void CheckPipeline()
    {
        var pipeline = _profile.Pipeline;
        CheckCount("devices", pipeline.Devices, _limits.MaxDevices);
        CheckCount("chunks", pipeline.Chunks, _limits.MaxStages);
        CheckCount("microbatches", pipeline.Microbatches, _limits.MaxMicrobatches);
        var name = pipeline.Placement ?? (pipeline.Chunks == 1 ? "linear" : null);
        if (name is null)
        {
            Malformed("pipeline.placement", $"Is required when chunks is not 1: one of {PlacementNames}.");
            return;
        }

        if (PlacementCatalogue.Find(name) is not { } definition)
        {
            Malformed("pipeline.placement", name == PlacementChoice.Name
                ? $"Has the placements tried, which only solve does: use one of {PlacementNames}."
                : $"Is not a placement: use one of {PlacementNames}, or in solve {PlacementChoice.Name}, which tries them.");
            return;
        }

        if (pipeline.StageDevices is not null && definition is not ExplicitPlacement)
            Malformed("pipeline.stageDevices", "Goes with the placement explicit only: remove it, or set placement to explicit.");
        if (_errors.Count > 0) return;
        if (pipeline.Stages > _limits.MaxStages)
            Impossible("pipeline.chunks", $"devices x chunks = {pipeline.Stages} stages; this server takes at most {_limits.MaxStages}.");
        var slices = Math.Max(1, _profile.Slices?.Count ?? 1);
        // Four large counts exceed what a long holds.
        var operations = 3m * pipeline.Stages * pipeline.Microbatches * slices;
        if (operations > _limits.MaxOperations)
        {
            Impossible(
                "pipeline.microbatches",
                $"3 x stages x microbatches{(slices > 1 ? " x slices" : "")} = {operations} operations; this server takes at most {_limits.MaxOperations}.");
        }

        if (_errors.Count == 0) _errors.AddRange(definition.Check(pipeline));
    }

    private void CheckValues()
    {
        var stages = (int)_profile.Pipeline.Stages;
        var times = _profile.Times;
        CheckEach("times.forward", times.Forward, stages, "stage");
        CheckEach("times.backwardInput", times.BackwardInput, stages, "stage");
        CheckEach("times.backwardWeight", times.BackwardWeight, stages, "stage");
        CheckLinks("times.communication", times.Communication);
        if (_errors.Count == 0) CheckTimes();
        if (_profile.Memory is { } memory) CheckMemory(memory, stages);
        if (_errors.Count == 0) CheckFeatures(stages);
    }

    private void CheckTimes()
    {
        var operations = OperationTimes().Where(time => time.Value > 0).ToList();
        if (operations.Count == 0)
        {
            Malformed("times", "All operations take no time: at least one of forward, backwardInput and backwardWeight must be above 0.");
            return;
        }

        var times = operations.Concat(LinkTimes().Where(time => time.Value > 0)).ToList();
        var (smallest, largest) = (times.MinBy(time => time.Value), times.MaxBy(time => time.Value));
        if (largest.Value / smallest.Value >= LargestRatio)
        {
            Malformed(
                smallest.Member,
                $"{Text(smallest.Value)} is 10^9 times or more below the largest time ({Text(largest.Value)} in {largest.Member}): use 0, or check the units.");
        }
    }

    private IEnumerable<(string Member, decimal Value)> OperationTimes()
    {
        var times = _profile.Times;
        return Named("times.forward", times.Forward)
            .Concat(Named("times.backwardInput", times.BackwardInput))
            .Concat(Named("times.backwardWeight", times.BackwardWeight));
    }

    private IEnumerable<(string Member, decimal Value)> LinkTimes()
    {
        const string Member = "times.communication";
        var links = _profile.Times.Communication;
        return links.Scalar is { } scalar
            ? [(Member, scalar)]
            : links.Matrix.SelectMany((row, from) => row.Select((value, to) => ($"{Member}[{from}][{to}]", from == to ? 0 : value)));
    }

    private void CheckMemory(ActivationMemory memory, int stages)
    {
        var before = _errors.Count;
        if (memory.Limit is { } limit) CheckEach("memory.limit", limit, _profile.Pipeline.Devices, "device", aboveZero: true);
        if (memory.Activation is { } activation) CheckEach("memory.activation", activation, stages, "stage");
        else if (memory.Limit is not null) Malformed("memory.activation", "Is required when memory.limit is given.");
        else if (memory.Total is not null) Malformed("memory.activation", "Is required when memory.total is given.");
        if (memory.Weights is { } weights) CheckEach("memory.weights", weights, stages, "stage");
        if (memory.Total is { } total) CheckEach("memory.total", total, _profile.Pipeline.Devices, "device", aboveZero: true);
        if (memory is { Total: not null, Limit: not null }) Malformed("memory.total", "Stands in the place of memory.limit: give one of them.");
        if (memory.Retained is { } retained) CheckEach("memory.retained", retained, stages, "stage");
        if (_errors.Count > before) return;
        CheckRetained(memory, stages);
    }

    private void CheckRetained(ActivationMemory memory, int stages)
    {
        if (memory.Retained is not { } retained) return;
        for (var stage = 0; stage < stages; stage++)
        {
            var whole = memory.Activation?[stage] ?? 0;
            if (retained[stage] <= whole) continue;
            Malformed(Indexed("memory.retained", retained, stage), $"{Text(retained[stage])} is more than the activation it is a part of ({Text(whole)}).");
            if (retained.IsScalar) return;
        }
    }

    private void CheckFeatures(int stages)
    {
        if (_profile.Overlap is { } overlap) CheckEach("overlap.duration", overlap.Duration, stages, "stage");
        if (_profile.Recompute is { } recompute) CheckRecompute(recompute, stages);
        if (_profile.Slices is { } slices) CheckSlices(slices, stages);
        if (_profile is { Slices: not null, Recompute: not null }) Malformed("recompute", "Does not go with slices: give one of them.");
        if (_profile is { Slices: not null, Overlap: not null }) Malformed("overlap", "Does not go with slices: give one of them.");
        if (_errors.Count == 0 && _profile.Overlap is { } pairs) CheckOverlap(pairs);
    }

    private void CheckRecompute(ActivationRecompute recompute, int stages)
    {
        if (recompute.Time is { } time) CheckEach("recompute.time", time, stages, "stage");
        CheckEach("recompute.kept", recompute.Kept, stages, "stage");
        foreach (var stage in recompute.Stages ?? [])
        {
            if (stage < 0 || stage >= stages) Malformed("recompute.choose", $"Stage {stage} does not exist: use 0 to {stages - 1}.");
        }

        if (_errors.Count > 0) return;
        for (var stage = 0; stage < stages; stage++)
        {
            var whole = _profile.Memory?.Activation?[stage] ?? 0;
            if (recompute.Kept[stage] <= whole) continue;
            Malformed(Indexed("recompute.kept", recompute.Kept, stage), $"{Text(recompute.Kept[stage])} is more than the activation it is a part of ({Text(whole)}).");
            if (recompute.Kept.IsScalar) return;
        }
    }

    private void CheckSlices(SequenceSlices slices, int stages)
    {
        CheckCount("slices.count", slices.Count);
        CheckCount("slices.multiple", slices.Multiple);
        if (_errors.Count > 0) return;
        CheckShares("slices.forward", slices.Forward, slices.Count);
        CheckShares("slices.backward", slices.Backward, slices.Count);
        CheckShares("slices.activation", slices.Activation, slices.Count);
        if (slices.KeyValue is { } keyValue) CheckEach("slices.keyValue", keyValue, stages, "stage");
        if ((slices.Sequence is null) != (slices.Hidden is null)) Malformed("slices.hidden", "Goes with slices.sequence: give both, or none.");
        if (slices.Hidden is { } hidden) CheckCount("slices.hidden", hidden);
        if (slices is { Cut: SequenceCut.EqualFlops, Sequence: null }) Malformed("slices.cut", "Slices of equal work need slices.sequence and slices.hidden.");
        if (slices.Sequence is { } sequence && sequence < (long)slices.Count * slices.Multiple)
            Malformed("slices.sequence", $"Is {sequence}; {slices.Count} slices need at least {(long)slices.Count * slices.Multiple} tokens.");
    }

    private void CheckShares(string member, ImmutableArray<decimal>? shares, int count)
    {
        if (shares is not { } given) return;
        if (given.Length != count) Malformed(member, $"Has {given.Length} numbers; give {count}, one for each slice.");
        for (var slice = 0; slice < given.Length; slice++)
        {
            if (given[slice] is < Smallest or > Largest) Malformed($"{member}[{slice}]", $"Is {Text(given[slice])}; must be from 0.000001 to 10^12.");
        }
    }

    /// <summary>A pair can be no shorter than the longer of the two, and need not be longer than one after the other: with the longest backward on the device.</summary>
    private void CheckOverlap(OverlapTimes overlap)
    {
        var (times, placement) = (_profile.Times, Problem.PlacementOf(_profile));
        for (var stage = 0; stage < placement.Stages; stage++)
        {
            var devices = Enumerable.Range(0, placement.Pipes).Select(pipe => placement.DeviceOf(pipe, stage)).Distinct();
            var backwards = devices.SelectMany(device => placement.StagesOn(device)).Select(other => times.BackwardInput[other.Stage] + times.BackwardWeight[other.Stage]);
            var (least, most) = (Math.Max(times.Forward[stage], backwards.Max()), times.Forward[stage] + backwards.Max());
            if (overlap.Duration[stage] >= least && overlap.Duration[stage] <= most) continue;
            Malformed(
                Indexed("overlap.duration", overlap.Duration, stage),
                $"{Text(overlap.Duration[stage])} is not between the longer of the two operations and their sum, {Text(least)} to {Text(most)} for stage {stage}.");
            if (overlap.Duration.IsScalar) return;
        }
    }

    private void CheckCount(string member, int count)
    {
        if (count < 1) Malformed(member, $"Is {count}; must be at least 1.");
    }

    private void CheckCount(string member, int count, int most)
    {
        if (count < 1) Malformed($"pipeline.{member}", $"Is {count}; must be at least 1.");
        else if (count > most) Impossible($"pipeline.{member}", $"Is {count}; this server takes at most {most}.");
    }

    private void CheckEach(string member, StageValues values, int count, string of, bool aboveZero = false)
    {
        if (!values.IsScalar && values.Numbers.Length != count)
        {
            Malformed(member, $"Has {values.Numbers.Length} numbers; give one number, or {count}, one for each {of}.");
            return;
        }

        for (var index = 0; index < values.Numbers.Length; index++)
            CheckNumber(Indexed(member, values, index), values.Numbers[index], aboveZero);
    }

    private void CheckLinks(string member, LinkValues links)
    {
        var devices = _profile.Pipeline.Devices;
        if (!links.IsScalar && (links.Matrix.Length != devices || links.Matrix.Any(row => row.Length != devices)))
        {
            Malformed(member, $"Give one number, or {devices} rows of {devices} numbers, the latency from each device to each other.");
            return;
        }

        if (links.Scalar is { } scalar) CheckNumber(member, scalar);
        for (var from = 0; !links.IsScalar && from < devices; from++)
        {
            for (var to = 0; to < devices; to++) CheckNumber($"{member}[{from}][{to}]", links.Matrix[from][to]);
        }
    }

    private void CheckNumber(string member, decimal number, bool aboveZero = false)
    {
        if (number < 0) Malformed(member, $"Is {Text(number)}; must not be negative.");
        else if (number == 0 && aboveZero) Malformed(member, "Is 0; must be above 0 (leave it out for unlimited memory).");
        else if (number != 0 && (number < Smallest || number > Largest))
            Malformed(member, $"Is {Text(number)}; must be 0 or from 0.000001 to 10^12: choose another unit.");
    }

    private void Malformed(string member, string message) => _errors.Add(new($"{Root}.{member}", message));

    private void Impossible(string member, string message) => _errors.Add(new($"{Root}.{member}", message, ProfileErrorKind.Impossible));

    private static IEnumerable<(string Member, decimal Value)> Named(string member, StageValues values) =>
        values.Numbers.Select((value, index) => (Indexed(member, values, index), value));

    private static string Indexed(string member, StageValues values, int index) => values.IsScalar ? member : $"{member}[{index}]";

    private static string Text(decimal number) => DecimalScale.Normalize(number).ToString(CultureInfo.InvariantCulture);

    private static string PlacementNames => string.Join(", ", PlacementCatalogue.All.Select(definition => definition.Name));
}
