using Microsoft.EntityFrameworkCore;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Storage;

/// <summary>
/// What problems that differ in nothing but how much a device may hold learn of each other: a schedule that fits less memory fits more, and a bound that holds
/// for more memory holds for less. So more memory never looks worse.
/// </summary>
internal sealed class KinSchedules(Func<SchedulesContext> open, ScheduleStore schedules, ILogger<KinSchedules> logger)
{
    /// <summary>Kin that are looked at, those that changed last.</summary>
    private const int MostKin = 1000;

    /// <summary>Schedules of kin with more memory that are tried: one may need no more than there is.</summary>
    private const int MostTries = 4;

    /// <summary>
    /// The best of what is known of a problem and what the rows of its kin hold. Their schedules are replayed and verified; null when neither has one.
    /// </summary>
    public async Task<Solution?> BestAsync(Problem problem, Solution? known, CancellationToken cancellation)
    {
        var kin = await KinOfAsync(problem, cancellation);
        if (kin.Count == 0) return known;
        var best = known;
        var tighter = kin.Where(row => MayHoldAsMuch(problem.Profile, row.Profile, problem.Devices)).MinBy(row => row.Objective);
        if (tighter is not null && IsBetter(tighter)) best = await ReadAsync(tighter, problem, cancellation) ?? best;
        // The least gain is the likeliest to fit.
        foreach (var row in kin.Where(IsBetter).OrderByDescending(row => row.Objective).Take(MostTries))
        {
            if (await ReadAsync(row, problem, cancellation) is not { } fitting) break;
            best = fitting;
        }

        var looser = kin.Where(row => MayHoldAsMuch(row.Profile, problem.Profile, problem.Devices)).MaxBy(row => row.Bound.Ticks);
        return best is null ? null : WithBounds(best, [known?.Bound, looser?.Bound]);

        bool IsBetter(Relative row) => best is null || row.Objective < best.Objective;
    }

    /// <summary>Whether each device of a profile may hold as much as it may in another one of the same kin.</summary>
    private static bool MayHoldAsMuch(Profile profile, Profile other, int devices)
    {
        return (profile.Memory, other.Memory) switch
        {
            (null or { Limit: null, Total: null }, _) => true,
            ({ Limit: { } limit }, { Limit: { } least }) => IsAsMuch(limit, least),
            ({ Total: { } total }, { Total: { } least }) => IsAsMuch(total, least),
            _ => false,
        };

        bool IsAsMuch(StageValues most, StageValues least) => Enumerable.Range(0, devices).All(device => most[device] >= least[device]);
    }

    private async Task<List<Relative>> KinOfAsync(Problem problem, CancellationToken cancellation)
    {
        var (id, kin) = (problem.Id, problem.KinId);
        await using var context = open();
        var rows = await context.Schedules.AsNoTracking()
            .Where(row => row.Kin == kin && row.Id != id && row.ObjectiveTicks != null && row.BoundTicks != null && row.BoundName != null)
            .OrderByDescending(row => row.UpdatedAt).Take(MostKin)
            .Select(row => new { row.Id, row.Request, row.ObjectiveTicks, row.BoundTicks, row.BoundName }).ToListAsync(cancellation);
        var read = new List<Relative>();
        foreach (var row in rows)
        {
            try
            {
                var profile = SubmissionJson.Read(row.Request, (profile, _) => profile);
                read.Add(new Relative(row.Id, profile, row.ObjectiveTicks!.Value, new ProvedBound(row.BoundTicks!.Value, row.BoundName!)));
            }
            catch (InvalidDataException exception)
            {
                logger.LogWarning(exception, "The row of {Id} cannot be read, and nothing is learned of it.", row.Id);
            }
        }

        return read;
    }

    /// <summary>The schedule of a kin as one of a problem; null when it does not fit.</summary>
    private async Task<Solution?> ReadAsync(Relative row, Problem problem, CancellationToken cancellation)
    {
        if (await schedules.FindAsync(row.Id, cancellation) is not { Result: { Order: { } order, Method: { } method } }) return null;
        try
        {
            return Solution.Verified(OrderCodec.Decode(problem, order), method, BoundCatalogue.Best(problem));
        }
        catch (Exception exception) when (exception is ContradictionException or DeadlockException or InvalidDataException)
        {
            return null;
        }
    }

    private Solution WithBounds(Solution solution, IEnumerable<ProvedBound?> bounds)
    {
        try
        {
            return bounds.OfType<ProvedBound>().Aggregate(solution, (best, bound) => best.WithBound(bound));
        }
        catch (ContradictionException contradiction)
        {
            logger.LogError(contradiction, "Kin of {Id} contradict each other; nothing is learned of their bounds.", solution.Problem.Id);
            return solution;
        }
    }

    /// <param name="Id">The id of the problem.</param>
    /// <param name="Profile">Its profile, with what devices may hold.</param>
    /// <param name="Objective">The objective of its schedule, in ticks that all kin share.</param>
    /// <param name="Bound">What is proved of it.</param>
    private sealed record Relative(string Id, Profile Profile, long Objective, ProvedBound Bound);
}
