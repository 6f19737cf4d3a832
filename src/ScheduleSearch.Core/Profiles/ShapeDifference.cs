namespace ScheduleSearch.Core.Profiles;

/// <summary>What two problems differ in so that an order of one is no order of the other.</summary>
/// <param name="Path">JSON path of the member, such as <c>$.profile.pipeline.microbatches</c>.</param>
/// <param name="Stated">What the first problem has there.</param>
/// <param name="Other">What the other has.</param>
public readonly record struct ShapeDifference(string Path, string Stated, string Other)
{
    private const string Pipeline = "$.profile.pipeline";

    /// <summary>
    /// All of them: none where both have the same stages on the same devices, the same microbatches in the same slices, and the same features, so that they
    /// have the same operations. How placements are called does not matter, nor does any time or amount of memory.
    /// </summary>
    /// <param name="problem">The first problem.</param>
    /// <param name="other">The other one.</param>
    public static IEnumerable<ShapeDifference> Between(Problem problem, Problem other)
    {
        var isSame = true;
        foreach (var (member, value, otherValue) in Counts(problem, other))
        {
            if (value == otherValue) continue;
            isSame = false;
            yield return new($"{Pipeline}.{member}", $"{value}", $"{otherValue}");
        }

        if (isSame && !HaveSamePlacement(problem, other))
        {
            var isExplicit = problem.Placement.Name == other.Placement.Name;
            yield return isExplicit
                ? new($"{Pipeline}.stageDevices", "its own", "another map")
                : new($"{Pipeline}.placement", problem.Placement.Name, other.Placement.Name);
        }

        foreach (var feature in problem.Features.Except(other.Features)) yield return new($"$.{feature.Member}", "it", "left out");
        foreach (var feature in other.Features.Except(problem.Features)) yield return new($"$.{feature.Member}", "none", "given");
        if (problem.SliceCount != other.SliceCount && problem.SliceCount > 1 && other.SliceCount > 1)
            yield return new("$.profile.slices.count", $"{problem.SliceCount}", $"{other.SliceCount}");
        if (problem.FrozenStages != other.FrozenStages && problem.FrozenStages > 0 && other.FrozenStages > 0)
            yield return new("$.profile.frozen", $"{problem.FrozenStages} stages", $"{other.FrozenStages}");
    }

    private static IEnumerable<(string Member, int Value, int Other)> Counts(Problem problem, Problem other)
    {
        yield return ("devices", problem.Devices, other.Devices);
        yield return ("chunks", problem.Profile.Pipeline.ChunksOfDevice, other.Profile.Pipeline.ChunksOfDevice);
        yield return ("microbatches", problem.Microbatches, other.Microbatches);
    }

    private static bool HaveSamePlacement(Problem problem, Problem other) =>
        problem.Placement.Pipes == other.Placement.Pipes && problem.Stages == other.Stages
        && Enumerable.Range(0, problem.Placement.Pipes).All(pipe => Enumerable.Range(0, problem.Stages)
            .All(stage => problem.Placement.DeviceOf(pipe, stage) == other.Placement.DeviceOf(pipe, stage)));
}
