using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Jobs;

/// <summary>Gives searches what is left of the budget that was asked for, and books what they spend.</summary>
internal sealed class SearchBudgets(IOptions<LimitSettings> limits)
{
    /// <summary>The options of the next search for a row whose budget is not met.</summary>
    public SolveOptions Next(ScheduleRow row, Problem problem)
    {
        var options = new SolveOptions
        {
            Objective = problem.Objective,
            SplitBackward = problem.SplitBackward,
            TargetGap = row.AskedGap,
            Seed = row.Seed,
        };
        return row.SpentSeconds < row.AskedSeconds
            ? options with { TimeLimitSeconds = row.AskedSeconds - row.SpentSeconds }
            // Work decides; the clock only keeps a search from outlasting what the server allows at all.
            : options with { TimeLimitSeconds = limits.Value.MaxTimeLimitSeconds, WorkLimit = row.AskedWork };
    }

    /// <summary>Books a quick pass: on a large problem it is a part of the budget that counts.</summary>
    public static void SpendOnQuickPass(ScheduleRow row, double elapsed)
    {
        row.SolveSeconds += elapsed;
        row.SpentSeconds = Math.Min(row.AskedSeconds, row.SpentSeconds + elapsed);
    }

    /// <summary>Books the searches of all alternatives of a choice, whose budget they share.</summary>
    public static void SpendOnChoice(ScheduleRow row, double elapsed, bool toTheEnd)
    {
        row.SolveSeconds += elapsed;
        toTheEnd &= row.Gap > row.AskedGap;
        row.SpentSeconds = toTheEnd ? row.AskedSeconds : Math.Min(row.AskedSeconds, row.SpentSeconds + elapsed);
        row.SpentWork = toTheEnd ? row.AskedWork : row.SpentWork;
    }

    /// <summary>Books a search. One that ended by itself has spent its budget, unless it stopped early because the gap was good enough.</summary>
    public static void Spend(ScheduleRow row, SolveOptions options, double elapsed, bool toTheEnd)
    {
        row.SolveSeconds += elapsed;
        toTheEnd &= row.Gap > options.TargetGap;
        if (options.WorkLimit is { } work) row.SpentWork = toTheEnd ? work : row.SpentWork;
        else row.SpentSeconds = toTheEnd ? row.AskedSeconds : Math.Min(row.AskedSeconds, row.SpentSeconds + elapsed);
    }
}
