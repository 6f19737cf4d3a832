using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver;

namespace ScheduleSearch.Api.Schedules;

/// <summary>A schedule and how good it is, in the profile's own units. Every number is recomputed by replaying the order.</summary>
internal record ScheduleResult
{
    /// <summary>What the schedule is judged by: <c>makespan</c> or <c>span</c>.</summary>
    public string? Objective { get; init; }

    /// <summary>Last end minus first start over all devices.</summary>
    public decimal? Makespan { get; init; }

    /// <summary>The largest, over devices, of its own last end minus its own first start.</summary>
    public decimal? Span { get; init; }

    /// <summary>What no schedule of this problem can be better than: proved, never a guess.</summary>
    public decimal? LowerBound { get; init; }

    /// <summary>The name of the bound that proves it.</summary>
    public string? Bound { get; init; }

    /// <summary>(objective - lowerBound) / objective; 0 when the schedule is proved optimal.</summary>
    public double? Gap { get; init; }

    /// <summary>1 - (busy time of the busiest device) / objective.</summary>
    public double? BubbleRatio { get; init; }

    /// <summary>The most activation memory that each device holds at once.</summary>
    public IEnumerable<decimal>? PeakMemory { get; init; }

    /// <summary>The idle time of each device, by phase.</summary>
    public IEnumerable<IdleAnswer>? Idle { get; init; }

    /// <summary>The family or search method that found the schedule.</summary>
    public string? Method { get; init; }

    /// <summary>Search time spent on this result in all.</summary>
    public double? SolveSeconds { get; init; }

    /// <summary>For each device its operations in execution order.</summary>
    public IEnumerable<IEnumerable<OperationAnswer>>? Devices { get; init; }

    /// <summary>What is answered of a solution. Operations are listed only while they are written.</summary>
    public static ScheduleResult Of(Solution solution, double solveSeconds)
    {
        var (problem, metrics) = (solution.Problem, solution.Metrics);
        var (time, memory) = (problem.TimeScale, problem.MemoryScale);
        return new ScheduleResult
        {
            Objective = ProfileJson.NameOf(problem.Objective),
            Makespan = time.FromTicks(metrics.Makespan),
            Span = time.FromTicks(metrics.Span),
            LowerBound = time.FromTicks(solution.Bound.Ticks),
            Bound = solution.Bound.Name,
            Gap = solution.Gap,
            BubbleRatio = metrics.BubbleRatio,
            PeakMemory = metrics.PeakMemory.Select(memory.FromTicks),
            Idle = metrics.Idle.Select(idle =>
                new IdleAnswer(time.FromTicks(idle.WarmUp), time.FromTicks(idle.Steady), time.FromTicks(idle.CoolDown))),
            Method = solution.Method,
            SolveSeconds = Math.Round(solveSeconds, 6),
            Devices = Enumerable.Range(0, problem.Devices).Select(device => OperationAnswer.On(solution.Timeline, device)),
        };
    }
}

/// <summary>A problem's state and, as soon as there is one, its best schedule so far.</summary>
internal sealed record ScheduleAnswer : ScheduleResult
{
    /// <summary>The id of the problem: the same problem has the same id everywhere.</summary>
    public required string Id { get; init; }

    /// <summary><c>queued</c>, <c>running</c>, <c>feasible</c>, <c>optimal</c>, <c>canceled</c> or <c>failed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Whether this request caused no search.</summary>
    public bool Cached { get; init; }

    /// <summary>Why the search failed.</summary>
    public Diagnostics.HttpProblem? Problem { get; init; }
}

/// <summary>Idle time of a device, by the phase it falls in.</summary>
/// <param name="WarmUp">Before the device's first backward starts.</param>
/// <param name="Steady">Between its first backward and the end of its last forward.</param>
/// <param name="CoolDown">After the later of the two.</param>
internal readonly record struct IdleAnswer(decimal WarmUp, decimal Steady, decimal CoolDown);

/// <summary>An operation with its times.</summary>
/// <param name="Op"><c>forward</c>, <c>backwardInput</c>, <c>backwardWeight</c> or <c>backward</c> (both fused).</param>
/// <param name="Stage">The stage, from 0.</param>
/// <param name="Microbatch">The microbatch, from 0.</param>
/// <param name="Pipe">The pipe, for placements of two.</param>
/// <param name="Start">Its start.</param>
/// <param name="End">Its end.</param>
internal readonly record struct OperationAnswer(string Op, int Stage, int Microbatch, int? Pipe, decimal Start, decimal End)
{
    public static IEnumerable<OperationAnswer> On(Timeline timeline, int device)
    {
        var problem = timeline.Schedule.Problem;
        foreach (var index in timeline.Schedule.OrderOf(device).ToArray())
        {
            var (kind, pipe, stage, microbatch) = timeline.Graph.Operations[index];
            yield return new OperationAnswer(
                OperationNames.Of(kind), stage, microbatch, problem.Placement.Pipes > 1 ? pipe : null,
                problem.TimeScale.FromTicks(timeline.StartOf(index)), problem.TimeScale.FromTicks(timeline.EndOf(index)));
        }
    }
}
