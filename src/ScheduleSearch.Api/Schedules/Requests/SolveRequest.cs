using ScheduleSearch.Api.Callbacks;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>What solve takes.</summary>
/// <param name="Profile">What a training launcher knows of its pipeline.</param>
/// <param name="Options">What is to be optimised and how much may be spent on it.</param>
/// <param name="Callback">Whom to tell when the search has ended; no part of the problem. Absent: nobody.</param>
internal sealed record SolveRequest(Profile Profile, SolveOptions? Options, CallbackRequest? Callback);
