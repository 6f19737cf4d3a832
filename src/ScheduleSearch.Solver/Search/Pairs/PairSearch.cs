using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Overlap;
using ScheduleSearch.Core.Features.TwoPipes;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Solver.Search.Pairs;

/// <summary>
/// Searches which forward is carried out together with which backward: the policy of a list scheduler that makes pairs is annealed, again and again from
/// the best of the standard ones.
/// </summary>
internal sealed class PairSearch : ISearchMethod
{
    /// <summary>The name that results give it.</summary>
    public const string MethodName = "pairs";

    private const long OperationsPerUnit = 1000;
    private const int TriesOfRound = 2000;
    private const double Heat = 0.01;

    public string Name => MethodName;

    public SearchAim Aim => SearchAim.Schedules;

    /// <inheritdoc/>
    public FeatureSet Covers { get; } = [TwoPipesFeature.Id, OverlapFeature.Id];

    /// <summary>Where pairs save time; slices do not overlap.</summary>
    public bool Suits(Problem problem) => problem.HasPairTimes && problem.SliceCount == 1;

    /// <summary>The schedules of the standard policies, each better than the one before; none where the method does not suit.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="placedOperations">Operations that may be placed in all; one policy is tried at least.</param>
    /// <param name="isOver">Whether the time is over.</param>
    public static IEnumerable<Schedule> Standard(Problem problem, long placedOperations, Func<bool> isOver)
    {
        var method = new PairSearch();
        if (!method.Covers.Covers(problem) || !method.Suits(problem)) yield break;
        var scheduler = new PairScheduler(problem, OperationSelection.Finest(problem));
        var least = long.MaxValue;
        foreach (var policy in new PairPolicies(problem).Standard())
        {
            if (isOver() || scheduler.Placed > placedOperations) yield break;
            if (scheduler.Run(policy) is not { } cost || cost >= least) continue;
            least = cost;
            yield return Schedule.Of(problem, scheduler.Orders);
        }
    }

    public void Run(SearchBoard board, SearchBudget budget, CancellationToken cancellation)
    {
        var (problem, random) = (board.Problem, new Random(budget.Seed));
        var (scheduler, policies) = (new PairScheduler(problem, board.Selection), new PairPolicies(problem));
        var ranked = new List<(PairPolicy Policy, long Cost)>();
        foreach (var policy in policies.Standard())
        {
            if (IsOver()) return;
            if (Judge(policy) is { } cost) ranked.Add((policy, cost));
        }

        if (ranked.Count == 0) return;
        ranked.Sort((one, other) => one.Cost.CompareTo(other.Cost));
        for (var round = 0; !IsOver(); round++)
        {
            var (policy, cost) = ranked[round == 0 ? 0 : random.Next(Math.Min(ranked.Count, 1 + round))];
            var (best, least) = (policy, cost);
            for (var tried = 0; tried < TriesOfRound && !IsOver(); tried++)
            {
                var varied = policies.Vary(policy, random);
                var temperature = Heat * cost * (TriesOfRound - tried) / TriesOfRound;
                if (Judge(varied) is not { } found || found > cost - temperature * Math.Log(1 - random.NextDouble())) continue;
                (policy, cost) = (varied, found);
                if (cost < least) (best, least) = (policy, cost);
            }

            ranked.Insert(0, (best, least));
        }

        bool IsOver() => cancellation.IsCancellationRequested || (budget.Work is { } work && scheduler.Placed >= work * OperationsPerUnit);

        long? Judge(PairPolicy policy)
        {
            if (scheduler.Run(policy) is not { } cost) return null;
            if (cost < board.Best.Objective) board.Offer(Schedule.Of(problem, scheduler.Orders), MethodName);
            return cost;
        }
    }
}
