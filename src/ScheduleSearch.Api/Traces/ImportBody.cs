using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Traces;

namespace ScheduleSearch.Api.Traces;

/// <summary>What import takes: the files of one run, all in one format.</summary>
/// <param name="Files">The files, each rank's where each has its own.</param>
/// <param name="Name" example="job">What the profile is called.</param>
/// <param name="WarmUpSteps" example="1">The first steps that are left out; left out itself, those that take more than one and a half times the median.</param>
/// <param name="Pipeline">The pipeline of a run whose files do not tell it: of logs without the arguments of the run.</param>
/// <param name="Show">A step to show beside its replays, with where it lost time; left out, none.</param>
/// <param name="TimeUnit">The unit of times in tables, which do not say it. Default ms.</param>
internal sealed record ImportBody(
    IReadOnlyList<ImportFile> Files, string? Name, int? WarmUpSteps, PipelineShape? Pipeline, StepChoice? Show, TimeUnit? TimeUnit);
