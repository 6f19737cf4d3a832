using System.Text.Json;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using Shouldly;

namespace ScheduleSearch.Core.Tests.Features;

/// <summary>Profiles written as requests have them.</summary>
internal static class WrittenProfile
{
    /// <summary>The profile of a text in which nothing is malformed.</summary>
    public static Profile Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var errors = new List<ProfileError>();
        var profile = ProfileJson.ReadProfile(document.RootElement, "$.profile", errors);
        errors.ShouldBeEmpty();
        return profile!;
    }
}
