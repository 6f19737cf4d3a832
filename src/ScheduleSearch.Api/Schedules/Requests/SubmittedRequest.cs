using ScheduleSearch.Api.Callbacks;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>A request that was read and is right.</summary>
/// <param name="Submission">A problem, or a choice of its placement.</param>
/// <param name="Options">What may be spent on it.</param>
/// <param name="Callback">Whom to tell of the end; null for nobody.</param>
internal sealed record SubmittedRequest(Submission Submission, SolveOptions Options, CallbackRequest? Callback);
