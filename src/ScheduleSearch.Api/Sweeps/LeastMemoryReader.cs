using ScheduleSearch.Api.Schedules.Requests;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Sweeps;

/// <summary>Reads what is asked of the least memory.</summary>
internal static class LeastMemoryReader
{
    private const double MostPercent = 10_000, MostTime = 1e18;

    /// <summary>The problem with unlimited memory, and what is to be reached.</summary>
    /// <exception cref="InvalidProfileException">Members are wrong; all of them are named.</exception>
    public static async Task<(Problem Problem, LeastMemoryRequest Question)> ReadAsync(HttpContext context, RequestReader reader)
    {
        (decimal? Makespan, decimal? Within) asked = default;
        var (problem, options) = await reader.ReadCompareAsync(context, (members, errors) =>
        {
            var (makespan, within) = (members.Optional("makespan"), members.Optional("within"));
            asked = (
                (decimal?)makespan?.Number(0, above: true, MostTime, "a time above 0"),
                (decimal?)within?.Number(0, above: false, MostPercent, FormattableString.Invariant($"percent from 0 to {MostPercent}")));
            if (makespan is null == within is null) errors.Add(new("$.makespan", "Either this or within must be given, and not both."));
            return makespan is null != within is null;
        });
        var faults = Faults(problem.Profile, options).ToList();
        return faults.Count == 0
            ? (problem, new LeastMemoryRequest(problem.Profile, options, asked.Makespan, asked.Within))
            : throw new InvalidProfileException(faults);
    }

    private static IEnumerable<ProfileError> Faults(Profile profile, SolveOptions options)
    {
        const string Sought = "Is what is looked for: leave it out, and so the memory of devices.";
        if (profile.Memory?.Limit is not null) yield return new("$.profile.memory.limit", Sought);
        if (profile.Memory?.Total is not null) yield return new("$.profile.memory.total", Sought);
        if (profile.Memory?.Activation is not { } activation || activation.Numbers.All(number => number == 0))
            yield return new("$.profile.memory.activation", "Must be given, and above 0 somewhere: without it no order needs memory.");
        if (options.WorkLimit is not null)
            yield return new("$.options.workLimit", "Is of one search; give timeLimitSeconds, which is for all of them together.");
    }
}
