using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>A profile with the medians of a run, and what else the run says.</summary>
/// <param name="Format">The format that was read.</param>
/// <param name="Profile">The profile: times in milliseconds, memory in GiB.</param>
/// <param name="Samples">Durations as <see cref="Noise.Samples"/> takes them; null where the run recorded means alone.</param>
/// <param name="Steps">The steps.</param>
/// <param name="Durations">What operations took, by stage and kind.</param>
/// <param name="Ranks">The ranks of each replica.</param>
/// <param name="Communication">How long messages were on their way; null where that cannot be told.</param>
/// <param name="Fidelity">The steps beside replays of them; null where the run recorded means alone.</param>
/// <param name="Memory">What the ranks' memory is made of; null where that cannot be told.</param>
/// <param name="Untold">What the run does not say, in sentences.</param>
/// <param name="Warnings">What looks wrong, in sentences.</param>
/// <param name="UsedSteps">The steps that the profile is of; empty where the run recorded means alone.</param>
public sealed record ImportedProfile(
    string Format,
    Profile Profile,
    DurationSamples? Samples,
    ImportedSteps Steps,
    IReadOnlyList<DurationStatistics> Durations,
    IReadOnlyList<RankStatistics> Ranks,
    ImportedCommunication? Communication,
    ReplayFidelity? Fidelity,
    MemoryFit? Memory,
    IReadOnlyList<string> Untold,
    IReadOnlyList<string> Warnings,
    ImmutableArray<TracedStep> UsedSteps);
