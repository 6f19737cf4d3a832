namespace ScheduleSearch.Core.Profiles;

/// <summary>A member of a request that is right and yet may not say what is meant.</summary>
/// <param name="Path">JSON path of the member, such as <c>$.profile.times.unit</c>.</param>
/// <param name="Message">What it says, and what may be meant.</param>
public readonly record struct ProfileWarning(string Path, string Message);
