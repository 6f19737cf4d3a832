using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Agents.Answers;

/// <summary>What the tool solve takes.</summary>
/// <param name="Profile">What a training launcher knows of its pipeline.</param>
/// <param name="Options">What is to be optimised and how much may be spent on it.</param>
internal sealed record SolveArguments(Profile Profile, SolveOptions? Options);
