using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Sweeps;

/// <summary>What is to be reached with the least memory: either <c>makespan</c> or <c>within</c>.</summary>
/// <param name="Profile">The profile, without <c>memory.limit</c> and <c>memory.total</c>: the limit is what is looked for, one for all devices.</param>
/// <param name="Options">As solve's; <c>timeLimitSeconds</c> is for all searches together.</param>
/// <param name="Makespan" example="1450">What is to be reached, in the profile's unit of time; of the span where that is the objective.</param>
/// <param name="Within" example="5">What is to be reached, in percent above what is found with unlimited memory.</param>
internal sealed record LeastMemoryRequest(Profile Profile, SolveOptions? Options = null, decimal? Makespan = null, decimal? Within = null);
