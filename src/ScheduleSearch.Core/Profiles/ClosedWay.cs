using System.Text.Json;

namespace ScheduleSearch.Core.Profiles;

/// <summary>One way to close what a profile leaves open.</summary>
/// <param name="Member">The member that closes it, within the profile, such as <c>vocabulary.parallel</c>.</param>
/// <param name="Value">The value of the member that does, as requests have it.</param>
/// <param name="Profile">The profile with it.</param>
public sealed record ClosedWay(string Member, JsonElement Value, Profile Profile);
