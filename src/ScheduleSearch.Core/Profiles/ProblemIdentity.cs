using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ScheduleSearch.Core.Placements;

namespace ScheduleSearch.Core.Profiles;

/// <summary>
/// The content id of a problem. The canonical text holds pipeline, times and memory with their units, objective and splitBackward;
/// scalars are written as their arrays and numbers without trailing zeros. Name, budgets, gap and seed are no part of it.
/// </summary>
internal static class ProblemIdentity
{
    public static string Of(Problem problem)
    {
        var placement = problem.Placement;
        var text = new StringBuilder();
        Pipeline(text, problem.Profile, placement.Name);
        for (var pipe = 0; pipe < placement.Pipes; pipe++)
            Line(text, "stageDevices", Enumerable.Range(0, placement.Stages).Select(stage => Whole(placement.DeviceOf(pipe, stage))));
        return Digest(text, problem);
    }

    /// <summary>The id of the choice of a placement.</summary>
    /// <param name="finest">The problem on any placement of the largest number of chunks.</param>
    public static string OfChoice(Problem finest)
    {
        var text = new StringBuilder();
        Pipeline(text, finest.Profile, PlacementChoice.Name);
        return Digest(text, finest);
    }

    private static void Pipeline(StringBuilder text, Profile profile, string placement) =>
        Line(text, "pipeline", [placement, Whole(profile.Pipeline.Devices), Whole(profile.Pipeline.Chunks), Whole(profile.Pipeline.Microbatches)]);

    /// <summary>Adds what follows the pipeline.</summary>
    private static string Digest(StringBuilder text, Problem problem)
    {
        var (profile, placement) = (problem.Profile, problem.Placement);
        var times = profile.Times;
        Line(text, "times.unit", [times.Unit.ToString()]);
        Line(text, "forward", Each(times.Forward, placement.Stages));
        Line(text, "backwardInput", Each(times.BackwardInput, placement.Stages));
        Line(text, "backwardWeight", Each(times.BackwardWeight, placement.Stages));
        Line(text, "communication", Links(times.Communication, placement.Devices));

        var memory = profile.Memory ?? new ActivationMemory();
        Line(text, "memory.unit", [memory.Unit.ToString()]);
        if (memory.Limit is { } limit) Line(text, "limit", Each(limit, placement.Devices));
        Line(text, "activation", Each(memory.Activation ?? 0, placement.Stages));
        Line(text, "retained", Each(memory.Retained ?? memory.Activation ?? 0, placement.Stages));

        // What a problem does not have is no part of its text, so that ids stay what they are when features are added.
        if (memory.Total is { } total) Line(text, "total", Each(total, placement.Devices));
        if (memory.Weights is { } weights) Line(text, "weights", Each(weights, placement.Stages));
        if (profile.Overlap is { } overlap) Line(text, "overlap", Each(overlap.Duration, placement.Stages));
        if (profile.Recompute is { } recompute)
        {
            Line(text, "recompute.time", Each(recompute.Time ?? times.Forward, placement.Stages));
            Line(text, "recompute.kept", Each(recompute.Kept, placement.Stages));
            Line(text, "recompute.stages", Enumerable.Range(0, placement.Stages).Where(recompute.Covers).Select(Whole));
        }

        if (profile.Slices is { } slices)
        {
            Line(text, "slices.forward", problem.Shares.Forward.Select(Number));
            Line(text, "slices.backward", problem.Shares.Backward.Select(Number));
            Line(text, "slices.activation", problem.Shares.Activation.Select(Number));
            Line(text, "slices.lengths", problem.Shares.Lengths.Select(Whole));
            Line(text, "slices.keyValue", Each(slices.KeyValue ?? 0, placement.Stages));
        }

        if (problem.Family is { } family) Line(text, "family", [family]);
        Line(text, "objective", [problem.Objective.ToString()]);
        Line(text, "splitBackward", [problem.SplitBackward.ToString()]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static IEnumerable<string> Each(StageValues values, int count) => Enumerable.Range(0, count).Select(index => Number(values[index]));

    private static IEnumerable<string> Links(LinkValues links, int devices) =>
        Enumerable.Range(0, devices * devices).Select(link => Number(links[link / devices, link % devices]));

    private static void Line(StringBuilder text, string member, IEnumerable<string> values) =>
        text.Append(member).Append('=').AppendJoin(',', values).Append('\n');

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Number(decimal number) => DecimalScale.Normalize(number).ToString(CultureInfo.InvariantCulture);
}
