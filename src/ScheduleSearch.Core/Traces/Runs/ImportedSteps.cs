namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>The steps of a run, each counted once for every replica.</summary>
/// <param name="Used" example="64">Those that the profile is of.</param>
/// <param name="WarmUp" example="2">Those that were left out as warm-up.</param>
/// <param name="Incomplete" example="0">Those that were left out because operations are missing or stand twice.</param>
/// <param name="Replicas" example="2">The data-parallel replicas.</param>
public sealed record ImportedSteps(int Used, int WarmUp, int Incomplete, int Replicas);
