using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Sweeps;

/// <summary>
/// Has the points of sweeps learn from each other once all are searched: searches take what is known when they begin, and what others find later is given to
/// them here. Doing it twice does no harm, so that every process may do it.
/// </summary>
internal sealed class SweepSharing(
    SweepStore sweeps, ScheduleStore schedules, KinSchedules kin, GivenSchedules given, StorageStartup storage, IOptions<JobSettings> roles, TimeProvider time,
    ILogger<SweepSharing> logger) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(0.5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!roles.Value.IsApi) return;
        await storage.Ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Poll, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var sweep in await sweeps.SearchedAsync(stoppingToken)) await ShareAsync(sweep, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                if (StorageFault.Is(exception)) logger.LogWarning("Sweeps wait for the database. {Reason}", StorageFault.ReasonOf(exception));
                else logger.LogError(exception, "Ending a sweep failed by a defect.");
            }
        }
    }

    private async Task ShareAsync(SweepRow sweep, CancellationToken cancellation)
    {
        foreach (var id in SweepPlan.Read(sweep.Plan).Points.Select(point => point.Id).OfType<string>().Distinct())
        {
            if (await schedules.FindAsync(id, cancellation) is not { } stored || !stored.TryRead(() => ProblemsOf(stored), logger, out var problems)) continue;
            foreach (var problem in problems) await TeachAsync(problem, stored.Incumbent, cancellation);
        }

        await sweeps.EndAsync(sweep.Id, cancellation);
    }

    /// <summary>What is searched for a point: its problem, or the alternatives of its choice. What a family makes is what it is.</summary>
    private static IReadOnlyList<Problem> ProblemsOf(StoredSchedule stored) => stored.Match<IReadOnlyList<Problem>>(
        problem => problem.Read() is { IsSearched: true } asked ? [asked.Problem] : [],
        choice => [.. choice.Read().Problems]);

    /// <param name="problem">A problem.</param>
    /// <param name="reached">What its point has reached: an alternative that nobody has searched is stored where it is better.</param>
    /// <param name="cancellation">Gives up.</param>
    private async Task TeachAsync(Problem problem, decimal? reached, CancellationToken cancellation)
    {
        try
        {
            var known = await schedules.FindAsync(problem.Id, cancellation) is { } stored ? stored.ReadSolution() : null;
            var best = await kin.BestAsync(problem, known, cancellation);
            if (best is null || best == known || (known is null && problem.TimeScale.FromTicks(best.Objective) >= reached)) return;
            await given.PutAsync(Submission.Of(problem), best, default, cancellation);
        }
        catch (Exception exception) when (exception is InvalidDataException or ContradictionException)
        {
            logger.LogWarning(exception, "What is stored of {Id} cannot be trusted, and nothing is added to it.", problem.Id);
        }
    }
}
