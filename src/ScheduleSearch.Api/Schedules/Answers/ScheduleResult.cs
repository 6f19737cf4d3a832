using System.Text.Json;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>A schedule and how good it is, in the profile's own units. Every number is recomputed by replaying the order.</summary>
internal record ScheduleResult
{
    /// <summary>The name of this schedule, by which its streams are fetched whatever the search finds meanwhile: the same order of the same problem has
    /// the same name.</summary>
    /// <example>5f1d7a84c0e2b396</example>
    public string? Revision { get; init; }

    /// <summary>What the schedule is judged by: <c>makespan</c> or <c>span</c>.</summary>
    /// <example>makespan</example>
    public string? Objective { get; init; }

    /// <summary>Last end minus first start over all devices.</summary>
    /// <example>27</example>
    public decimal? Makespan { get; init; }

    /// <summary>The largest, over devices, of its own last end minus its own first start.</summary>
    /// <example>27</example>
    public decimal? Span { get; init; }

    /// <summary>
    /// What no schedule of this problem can be better than: proved, never a guess. Of the mean with <c>options.noise</c>; absent of the p95, of which no
    /// bound is claimed, as <c>bound</c> and <c>gap</c> are.
    /// </summary>
    /// <example>27</example>
    public decimal? LowerBound { get; init; }

    /// <summary>The name of the bound that proves it.</summary>
    /// <example>head-tail</example>
    public string? Bound { get; init; }

    /// <summary>(objective - lowerBound) / objective; 0 when the schedule is proved optimal.</summary>
    /// <example>0</example>
    public double? Gap { get; init; }

    /// <summary>What the schedule takes in the scenarios by which it is judged; absent without <c>options.noise</c>.</summary>
    public RobustAnswer? Robust { get; init; }

    /// <summary>1 - (busy time of the busiest device) / objective.</summary>
    /// <example>0.111</example>
    public double? BubbleRatio { get; init; }

    /// <summary>1 - (busy time of all devices) / (devices x objective): the idle share of all device time.</summary>
    /// <example>0.111</example>
    public double? MeanIdle { get; init; }

    /// <summary>What devices are idle for most, in one sentence that is true of this schedule.</summary>
    /// <example>rank 7 carries the most work; the others have less to do and wait 13.0 % of the time for that alone</example>
    public string? LimitedBy { get; init; }

    /// <summary>The most activation memory that each device holds at once.</summary>
    /// <example>[4, 4, 4, 4]</example>
    public IEnumerable<decimal>? PeakMemory { get; init; }

    /// <summary>The weights, gradients and optimizer state that each device holds, of all its pipes, where the profile says how much.</summary>
    /// <example>[3072, 3072, 3072, 3072]</example>
    public IEnumerable<decimal>? WeightMemory { get; init; }

    /// <summary>The idle time of each device, by phase and by cause.</summary>
    public IEnumerable<IdleAnswer>? Idle { get; init; }

    /// <summary>How much of the profile's <c>fill</c> costs nothing; absent where there is none.</summary>
    public FillAnswer? Fill { get; init; }

    /// <summary>
    /// What the profile's output layer would gain in shards where it stands whole on the last stage; absent where it does not, or devices x devices x
    /// microbatches exceed 100,000.
    /// </summary>
    public ShardedAnswer? Vocabulary { get; init; }

    /// <summary>The family or search method that found the schedule.</summary>
    /// <example>zb-h1</example>
    public string? Method { get; init; }

    /// <summary>Of an order that somebody sent to be verified, the id of its problem, whose searched schedule stands there once somebody has asked for it.
    /// Absent of all else.</summary>
    /// <example>9b0cd1e53d81be86f73af26d405147748f7f7763bf6e04518c5de33b9cbed7ba</example>
    public string? OrderOf { get; init; }

    /// <summary>Search time spent on this result in all.</summary>
    /// <example>0.0016</example>
    public double? SolveSeconds { get; init; }

    /// <summary>Costs of the schedule that none of these figures counts; absent when there are none.</summary>
    public IReadOnlyList<string>? LeftOut { get; init; }

    /// <summary>The id of the alternative that leads, an ordinary one; absent where the request leaves nothing open.</summary>
    /// <example>6235d1e53d81be86f73af26d405147748f7f7763bf6e04518c5de33b9cbed7ba</example>
    public string? Leader { get; init; }

    /// <summary>The placement that leads, where the request left it to <c>best</c>.</summary>
    /// <example>v</example>
    public string? Placement { get; init; }

    /// <summary>The chunks of each device on the placement that leads, where the request left it to <c>best</c>.</summary>
    /// <example>2</example>
    public int? Chunks { get; init; }

    /// <summary>How the schedule that leads closes what else the request left open: values by the member of the profile, to put there as they are.</summary>
    /// <example>{ "recompute.choose": [0, 1] }</example>
    public IReadOnlyDictionary<string, JsonElement>? With { get; init; }

    /// <summary>
    /// What the search reached on each placement, where the request left it to <c>best</c>, and in each way that was tried to close what else it left open.
    /// </summary>
    public IEnumerable<AlternativeAnswer>? Alternatives { get; init; }

    /// <summary>For each device its operations in execution order.</summary>
    public IEnumerable<IEnumerable<OperationAnswer>>? Devices { get; init; }

    /// <summary>What is answered of a solution. Operations are listed only while they are written.</summary>
    public static ScheduleResult Of(Solution solution, double solveSeconds)
    {
        var (problem, metrics) = (solution.Problem, solution.Metrics);
        var (time, memory) = (problem.TimeScale, problem.MemoryScale);
        var analysis = IdleAnalysis.Of(solution.Timeline, metrics);
        return new ScheduleResult
        {
            Objective = ProfileJson.NameOf(problem.Objective),
            Makespan = time.FromTicks(metrics.Makespan),
            Span = time.FromTicks(metrics.Span),
            LowerBound = solution.HasBound ? time.FromTicks(solution.Bound.Ticks) : null,
            Bound = solution.HasBound ? solution.Bound.Name : null,
            Gap = solution.ClaimedGap,
            Robust = RobustAnswer.Of(solution),
            BubbleRatio = metrics.BubbleRatio,
            MeanIdle = metrics.MeanIdleRatio,
            LimitedBy = analysis.LimitedBy,
            PeakMemory = metrics.PeakMemory.Select(memory.FromTicks),
            WeightMemory = WeightsOf(problem),
            Idle = IdleAnswer.Of(metrics, analysis, time),
            Fill = FillAnswer.Of(solution.Timeline),
            Vocabulary = ShardedAnswer.Of(problem, metrics.Objective),
            Method = solution.Method,
            SolveSeconds = Math.Round(solveSeconds, 6),
            LeftOut = LeftOutOf(problem),
            Devices = Enumerable.Range(0, problem.Devices).Select(device => OperationAnswer.On(solution.Timeline, device)),
        };
    }

    /// <summary>What is answered of a choice: the leader's schedule, judged by the bound on all ways to close the choice.</summary>
    /// <param name="standing">Where the alternatives stand, one of them with a schedule.</param>
    /// <param name="solution">The schedule of the one that leads.</param>
    /// <param name="alternatives">What is answered of each.</param>
    public static ScheduleResult Of(ChoiceStanding standing, Solution solution, IReadOnlyList<AlternativeAnswer> alternatives)
    {
        var leader = standing.Leader!;
        return Of(solution, standing.Alternatives.Sum(alternative => alternative.Stored?.Spent.SolveSeconds ?? 0)) with
        {
            LowerBound = standing.Bound.Time,
            Bound = standing.Bound.Name,
            Gap = standing.Gap,
            Leader = solution.Problem.Id,
            Placement = leader.Alternative.Placement,
            Chunks = leader.Alternative.Chunks,
            With = AlternativeAnswer.WithOf(leader.Alternative),
            Alternatives = alternatives,
            // The alternatives say it.
            Vocabulary = null,
        };
    }

    /// <summary>What the figures of a problem's schedules leave out; null for nothing.</summary>
    internal static IReadOnlyList<string>? LeftOutOf(Problem problem)
    {
        var costs = problem.Features.OfType<IUncountedFeature>().Select(feature => feature.Uncounted(problem)).OfType<string>().ToList();
        return costs.Count == 0 ? null : costs;
    }

    /// <summary>The memory of the weights on each device; null when the profile does not state it.</summary>
    internal static IEnumerable<decimal>? WeightsOf(Problem problem) => problem.Profile.Memory?.Weights is null
        ? null
        : Enumerable.Range(0, problem.Devices).Select(device => problem.MemoryScale.FromTicks(problem.WeightsOn(device)));
}
