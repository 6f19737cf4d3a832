namespace ScheduleSearch.Core.Profiles;

/// <summary>One offending member of a request.</summary>
/// <param name="Path">JSON path of the member, such as <c>$.profile.times.forward[3]</c>.</param>
/// <param name="Message">What is wrong and what would be right.</param>
/// <param name="Kind">Whether the member is malformed or asks for the impossible.</param>
public readonly record struct ProfileError(string Path, string Message, ProfileErrorKind Kind = ProfileErrorKind.Malformed);
