using System.Text.Json.Nodes;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Traces.Runs;

namespace ScheduleSearch.Api.Traces;

/// <summary>A profile of a recorded run. Times are in milliseconds, memory in GiB.</summary>
/// <param name="Format" example="csv">The format that was read: <c>pytorch</c>, <c>straggler-timeline</c>, <c>primus</c>, <c>zero-bubble</c>,
/// <c>megatron</c> or <c>csv</c>.</param>
/// <param name="Profile">A profile with the medians, which solve takes.</param>
/// <param name="Steps">The steps of the run.</param>
/// <param name="Durations">What operations took, by stage and kind.</param>
/// <param name="Ranks">How long the ranks compute, and which are slow.</param>
/// <param name="Communication">How long messages were on their way; absent where that cannot be told.</param>
/// <param name="Fidelity">The recorded steps beside replays of the orders that they had; absent where the run recorded means alone.</param>
/// <param name="Memory">What the ranks' memory is made of; absent where that cannot be told.</param>
/// <param name="Samples">Measured durations, which evaluate takes as <c>noise.samples</c>: of at most 2,000 microbatches; absent where the run
/// recorded means alone.</param>
/// <param name="Shown">The step that <c>show</c> asks for.</param>
/// <param name="Untold">What the run does not say.</param>
/// <param name="Warnings">What looks wrong: units, backwards, ranks, clocks.</param>
internal sealed record ImportAnswer(
    string Format, JsonNode Profile, ImportedSteps Steps, IReadOnlyList<DurationStatistics> Durations, IReadOnlyList<RankStatistics> Ranks,
    ImportedCommunication? Communication, ReplayFidelity? Fidelity, MemoryFit? Memory, DurationSamples? Samples, ShownStepAnswer? Shown,
    IReadOnlyList<string> Untold, IReadOnlyList<string> Warnings)
{
    /// <summary>A profile of a recorded run.</summary>
    /// <param name="imported">The run.</param>
    /// <param name="shown">The step that is asked for; null for none.</param>
    public static ImportAnswer Of(ImportedProfile imported, ShownStep? shown) => new(
        imported.Format, ProfileDocument.Of(imported.Profile), imported.Steps, imported.Durations, imported.Ranks, imported.Communication,
        imported.Fidelity, imported.Memory, imported.Samples, shown is null ? null : ShownStepAnswer.Of(shown), imported.Untold,
        imported.Warnings);
}
