using System.Text.Json.Nodes;
using ScheduleSearch.Api.Callbacks;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>What is to be searched again with other times or limits.</summary>
/// <param name="Profile">
/// With <c>pipeline</c> a whole profile as solve takes it, of the schedule's shape; without it the members that change, which are merged into the schedule's
/// profile as RFC 7396 has it: objects member by member, lists as a whole, and null takes a member out.
/// </param>
/// <param name="Options">As solve's; the objective and <c>splitBackward</c> are the schedule's where they are left out.</param>
/// <param name="Callback">Whom to tell when the search has ended. Absent: nobody.</param>
internal sealed record ResearchRequest(JsonObject Profile, SolveOptions? Options = null, CallbackRequest? Callback = null);
