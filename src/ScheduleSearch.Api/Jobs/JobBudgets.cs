using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Jobs;

/// <summary>Gives searches what is left of the budget that was asked for, and books what they spend.</summary>
internal sealed class JobBudgets(IOptions<LimitSettings> limits)
{
    /// <summary>The options of the next search of a problem whose budget is not met.</summary>
    public SolveOptions Next(StoredProblem stored, Problem problem)
    {
        var (asked, spent) = (stored.Asked, stored.Spent);
        var options = SolveOptions.Of(problem) with
        {
            TargetGap = asked.Gap,
            Seed = asked.Seed,
        };
        return spent.Seconds < asked.Seconds
            ? options with { TimeLimitSeconds = asked.Seconds - spent.Seconds }
            // Work decides; the clock only keeps a search from outlasting what the server allows at all.
            : options with { TimeLimitSeconds = limits.Value.MaxTimeLimitSeconds, WorkLimit = asked.Work };
    }

    /// <summary>
    /// The gap at which a quick pass may stop, and the time after which it must. Where it is all that is wanted, it does all that it can; where work is asked
    /// for, the outcome does not depend on the clock.
    /// </summary>
    public static (double Gap, TimeSpan Time) ForQuickPass(Budget asked) => asked switch
    {
        { Seconds: > 0 } => (asked.Gap, TimeSpan.FromSeconds(asked.Seconds)),
        { Work: > 0 } => (asked.Gap, TimeSpan.MaxValue),
        _ => (0, TimeSpan.MaxValue),
    };

    /// <summary>Books a quick pass: on a large problem it is a part of the budget that counts.</summary>
    public static void SpendOnQuickPass(StoredProblem stored, double elapsed) => stored.Spent = stored.Spent with
    {
        Seconds = Part(stored, elapsed),
        SolveSeconds = stored.Spent.SolveSeconds + elapsed,
    };

    /// <summary>Books the searches of all alternatives of a choice, whose budget they share.</summary>
    public static void SpendOnChoice(StoredChoice stored, double elapsed, bool toTheEnd)
    {
        toTheEnd &= !(stored.Result.Gap <= stored.Asked.Gap);
        stored.Spent = new Spending(
            toTheEnd ? stored.Asked.Seconds : Part(stored, elapsed),
            toTheEnd ? stored.Asked.Work : stored.Spent.Work,
            stored.Spent.SolveSeconds + elapsed);
    }

    /// <summary>Books a search. One that ended by itself has spent its budget, unless it stopped early because the gap was good enough.</summary>
    public static void Spend(StoredProblem stored, SolveOptions options, double elapsed, bool toTheEnd)
    {
        toTheEnd &= !(stored.Result.Gap <= options.TargetGap);
        var spent = stored.Spent with { SolveSeconds = stored.Spent.SolveSeconds + elapsed };
        stored.Spent = options.WorkLimit is { } work
            ? spent with { Work = toTheEnd ? work : spent.Work }
            : spent with { Seconds = toTheEnd ? stored.Asked.Seconds : Part(stored, elapsed) };
    }

    /// <summary>Seconds that count as spent when a search of so many more did not come to its end.</summary>
    private static double Part(StoredSchedule stored, double elapsed) => Math.Min(stored.Asked.Seconds, stored.Spent.Seconds + elapsed);
}
