using Microsoft.EntityFrameworkCore;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Search.Local;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Storage;

/// <summary>
/// What problems of one shape learn of each other: an order that was searched under other times and limits is where a search begins, if it is better than what
/// is known. Their bounds say nothing.
/// </summary>
internal sealed class NearSchedules(Func<SchedulesContext> open, IScheduleScope scope, ILogger<NearSchedules> logger)
{
    /// <summary>Rows that are looked at, those that changed last.</summary>
    private const int MostRows = 200;

    /// <summary>Schedules of the nearest problems that are tried.</summary>
    private const int MostNear = 3;

    /// <summary>Schedules of problems that ask no less that are tried, those of the least objective: each is worth here what it is there, or more.</summary>
    private const int MostHarder = 2;

    /// <summary>What is worse than the best by more than this part is not improved.</summary>
    private const double Hopeful = 0.1;

    /// <summary>
    /// The best of what is known of a problem and what the orders of near ones come to, each replayed and verified with the problem's own times and limits.
    /// </summary>
    /// <param name="problem">The problem.</param>
    /// <param name="known">What is known of it.</param>
    /// <param name="caller">Who asked for the search; null when nobody knows.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Solution> BestAsync(Problem problem, Solution known, string? caller, CancellationToken cancellation)
    {
        if (known.IsOptimal) return known;
        var relatives = await RelativesAsync(problem, caller, cancellation);
        var nearest = relatives.OrderBy(relative => relative.Distance).Take(MostNear);
        var harder = relatives.Where(relative => relative.AsksNoLess).OrderBy(relative => relative.Objective).Take(MostHarder);
        var best = known;
        foreach (var id in nearest.Concat(harder).Select(relative => relative.Id).Distinct())
        {
            if (best.IsOptimal) break;
            best = await BetterAsync(best, id, cancellation);
        }

        return best;
    }

    private async Task<List<Relative>> RelativesAsync(Problem problem, string? caller, CancellationToken cancellation)
    {
        var (id, kin, chunks) = (problem.Id, problem.KinId, problem.Profile.Pipeline.ChunksOfDevice);
        await using var context = open();
        var shaped = context.Schedules.AsNoTracking().Where(row =>
            row.Devices == problem.Devices && row.Microbatches == problem.Microbatches && row.Chunks == chunks
            && row.Id != id && row.Kin != null && row.Kin != kin && row.Order != null);
        if (scope.IsOwnAlone) shaped = shaped.Where(row => context.Askers.Any(own => own.ScheduleId == row.Id && own.KeyId == caller));
        var rows = await shaped.OrderByDescending(row => row.UpdatedAt).Take(MostRows)
            .Select(row => new { row.Id, row.Request, row.Objective, row.Makespan, row.Span }).ToListAsync(cancellation);
        var read = new List<Relative>();
        foreach (var row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                var other = SubmissionJson.Read(
                    row.Request, (profile, options) => Problem.Create(profile, options.Objective, options.SplitBackward, ProblemLimits.None));
                if (ShapeDifference.Between(other, problem).Any()) continue;
                var asksNoLess = other.Objective == problem.Objective && ProblemDistance.AsksNoLess(other, problem);
                var objective = other.Objective == Objective.Makespan ? row.Makespan : row.Span;
                read.Add(new Relative(row.Id, ProblemDistance.Between(other, problem), asksNoLess, objective ?? decimal.MaxValue));
            }
            catch (InvalidDataException exception)
            {
                logger.LogWarning(exception, "The row of {Id} cannot be read, and nothing is learned of it.", row.Id);
            }
        }

        return read;
    }

    /// <summary>The better of a solution and what the order of a row comes to.</summary>
    private async Task<Solution> BetterAsync(Solution best, string id, CancellationToken cancellation)
    {
        await using var context = open();
        var row = await context.Schedules.AsNoTracking().Where(row => row.Id == id).Select(row => new { row.Order, row.Method })
            .SingleOrDefaultAsync(cancellation);
        if (row is not { Order: { } order, Method: { } method }) return best;
        var carried = await Task.Run(() => Carried(best, order, method), cancellation);
        return carried is not null && carried.Objective < best.Objective ? WithBound(carried, best.Bound) : best;
    }

    private static Solution? Carried(Solution best, byte[] order, string method)
    {
        var carried = CarriedOrder.Of(best.Problem, order, method);
        return carried is not null && carried.Objective * (1 - Hopeful) < best.Objective ? CarriedOrder.Tightened(carried) : carried;
    }

    private Solution WithBound(Solution solution, ProvedBound bound)
    {
        try
        {
            return solution.WithBound(bound);
        }
        catch (ContradictionException contradiction)
        {
            logger.LogError(contradiction, "The order of a near problem contradicts what is proved of {Id}.", solution.Problem.Id);
            return solution;
        }
    }

    /// <param name="Id">The id of a problem of the same shape.</param>
    /// <param name="Distance">How far it is.</param>
    /// <param name="AsksNoLess">Whether its schedule is worth as much here, or more.</param>
    /// <param name="Objective">The objective of its schedule, in the unit of its profile.</param>
    private sealed record Relative(string Id, double Distance, bool AsksNoLess, decimal Objective);
}
