using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Core.Evaluation;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Evaluations;

/// <summary>Replays schedules in turns of their own, since each keeps a core busy, and as long as somebody waits for it.</summary>
internal sealed class Evaluations(IOptions<LimitSettings> limits) : IDisposable
{
    private const int MostWaiting = 64;

    private readonly ConcurrencyLimiter _turns = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = limits.Value.Evaluations,
        QueueLimit = MostWaiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Replays a schedule and, where they are asked for, the families whose orders fit its problem.</summary>
    /// <exception cref="InvalidProfileException">The request does not go with the problem, or asks for too many replays.</exception>
    /// <exception cref="RequestFault">503: too many wait.</exception>
    public async Task<Evaluated> RunAsync(Solution solution, EvaluationRequest request, CancellationToken cancellation)
    {
        var errors = EvaluationCheck.Of(solution.Problem, request);
        if (errors.Count > 0) throw new InvalidProfileException([.. errors]);
        CheckWork(request, solution.Timeline.Graph.Count);
        using var turn = await _turns.AcquireAsync(permitCount: 1, cancellation);
        if (!turn.IsAcquired)
        {
            throw new RequestFault(StatusCodes.Status503ServiceUnavailable, "The server has as many evaluations in hand as it takes.") { RetryAfter = 2 };
        }

        return await Task.Run(() => Run(solution, request, cancellation), cancellation);
    }

    public void Dispose() => _turns.Dispose();

    private Evaluated Run(Solution solution, EvaluationRequest request, CancellationToken cancellation)
    {
        var others = request.Families ? FamiliesOf(solution.Problem, cancellation) : [];
        CheckWork(request, solution.Timeline.Graph.Count + others.Sum(other => (long)other.Timeline.Graph.Count));
        return ScheduleEvaluator.Run((solution.Method, solution.Timeline), others, request, cancellation);
    }

    private static List<(string Name, Timeline Timeline)> FamiliesOf(Problem problem, CancellationToken cancellation)
    {
        var families = new List<(string Name, Timeline Timeline)>();
        foreach (var family in FamilyCatalogue.Admitted(problem))
        {
            cancellation.ThrowIfCancellationRequested();
            var schedule = family.ScheduleOf(problem);
            if (schedule.FitsMemory() && schedule.KeepsDeadlines()) families.Add((family.Name, Replay.Run(schedule.OnWhole())));
        }

        return families;
    }

    private void CheckWork(EvaluationRequest request, long operations)
    {
        if (EvaluationCheck.OfWork(request, operations, limits.Value.MaxReplayedOperations) is { } fault) throw new InvalidProfileException([fault]);
    }
}
