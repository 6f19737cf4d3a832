using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Sweeps;

/// <summary>Reads what is asked of the least memory.</summary>
internal static class LeastMemoryReader
{
    private const double MostPercent = 10_000, MostTime = 1e18;

    /// <summary>What is searched at each limit, with unlimited memory first, and what is to be reached.</summary>
    /// <exception cref="InvalidProfileException">Members are wrong; all of them are named.</exception>
    public static async Task<(LimitedSearches Searches, LimitedSearch Unlimited, LeastMemoryRequest Question)> ReadAsync(
        HttpContext context, RequestReader reader)
    {
        (decimal? Makespan, decimal? Within) asked = default;
        var (read, options) = await reader.ReadAsync(
            context,
            (members, errors) =>
            {
                var (makespan, within) = (members.Optional("makespan"), members.Optional("within"));
                asked = (
                    (decimal?)makespan?.Number(0, above: true, MostTime, "a time above 0"),
                    (decimal?)within?.Number(0, above: false, MostPercent, FormattableString.Invariant($"percent from 0 to {MostPercent}")));
                if (makespan is null == within is null) errors.Add(new("$.makespan", "Either this or within must be given, and not both."));
                return makespan is null != within is null;
            },
            (profile, given, limits) =>
            {
                // Families are not asked for here, and of a placement that is stated there is nothing to choose.
                var open = given with { Family = null };
                if (!PlacementChoice.IsOne(profile)) open = open with { Formats = null, Placements = null };
                var searches = new LimitedSearches(profile, open);
                return new Read(profile, searches, searches.Unlimited(limits));
            });
        var faults = Faults(read, options).ToList();
        return faults.Count == 0
            ? (read.Searches, read.Unlimited, new LeastMemoryRequest(read.Profile, options, asked.Makespan, asked.Within))
            : throw new InvalidProfileException(faults);
    }

    private static IEnumerable<ProfileError> Faults(Read read, SolveOptions options)
    {
        const string Sought = "Is what is looked for: leave it out, and so the memory of devices.";
        var memory = read.Profile.Memory;
        if (memory?.Limit is not null) yield return new("$.profile.memory.limit", Sought);
        if (memory?.Total is not null) yield return new("$.profile.memory.total", Sought);
        if (read.Unlimited.Problems.All(problem => problem.Activation.All(units => units == 0)))
            yield return new("$.profile.memory.activation", "Must be given, and above 0 somewhere: without it no order needs memory.");
        if (options.WorkLimit is not null)
            yield return new("$.options.workLimit", "Is of one search; give timeLimitSeconds, which is for all of them together.");
    }

    private sealed record Read(Profile Profile, LimitedSearches Searches, LimitedSearch Unlimited);
}
