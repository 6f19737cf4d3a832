using ScheduleSearch.Core.Profiles;
using Shouldly;

namespace ScheduleSearch.Core.Tests.Features;

/// <summary>What is said of a profile that is refused.</summary>
internal static class SectionErrors
{
    public static IEnumerable<(string Path, string Message)> Of(Profile profile) =>
        Should.Throw<InvalidProfileException>(() => Problem.Create(profile)).Errors.Select(error => (error.Path, error.Message));
}
