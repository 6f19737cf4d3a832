using System.Text.Json;
using ScheduleSearch.Api.Batches;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Sweeps;

/// <summary>Reads what the points of a sweep have reached from the schedules that are stored of them.</summary>
internal sealed class SweepResults(BatchStore batches, TrustedSchedules schedules, ScheduleCache cache)
{
    private const string Invalid = "invalid";
    private const double SecondsOfHour = 3600, Million = 1e6;

    /// <summary>The sweep as it stands now.</summary>
    public async Task<SweepAnswer> ReadAsync(SweepRow sweep, BatchRow batch, CancellationToken cancellation)
    {
        var plan = SweepPlan.Read(sweep.Plan);
        var items = (await batches.ItemsAsync(sweep.Id, cancellation)).ToDictionary(item => item.ScheduleId);
        var rows = new List<SweepRowAnswer>(plan.Points.Count);
        foreach (var (index, point) in plan.Points.Index())
        {
            var values = plan.Axes.Zip(point.Values).ToDictionary(pair => pair.First, pair => JsonSerializer.SerializeToElement(pair.Second));
            var row = new SweepRowAnswer(index, values, Invalid) { Id = point.Id, Problem = point.Problem };
            rows.Add(point.Id is { } id ? await ReadAsync(row, plan, point, items[id], cancellation) : row);
        }

        var done = rows.Count(row => !BatchStatus.NotDone.Contains(row.Status));
        var status = batch.IsCanceled ? BatchStatus.Canceled : sweep.IsDone ? BatchStatus.Done : BatchStatus.Running;
        return new SweepAnswer(sweep.Id.ToString(), status, rows.Count, done, batch.CreatedAt, plan.Axes, MarkFront(rows, plan.Points));
    }

    private async Task<SweepRowAnswer> ReadAsync(
        SweepRowAnswer row, SweepPlan plan, SweepPoint point, BatchItemRow item, CancellationToken cancellation)
    {
        if (item.Failure is { } failure)
            return row with { Status = item.Status, Problem = Http.HttpProblem.Of(StatusCodes.Status422UnprocessableEntity, failure) };
        if (await schedules.TryFindAsync(item.ScheduleId, cancellation) is not { } stored)
            return row with { Status = item.Status == BatchStatus.Submitted ? ScheduleStatus.Queued : item.Status };
        var view = await schedules.ViewAsync(stored, withDevices: false, cancellation);
        row = row with { Status = StatusOf(item, stored, view) };
        if (view.Shown is not { Incumbent: { } objective } shown || await cache.FiguresOfAsync(shown, cancellation) is not { } figures) return row;
        var seconds = point.Seconds(objective);
        var tokens = plan.Tokens * point.Microbatches;
        var cost = plan.Price * point.Devices * seconds / SecondsOfHour;
        return row with
        {
            Objective = objective,
            LowerBound = view.LowerBound,
            Gap = stored.Match(problem => problem.Result.Gap, _ => GapOf(objective, view.LowerBound)),
            PeakMemory = figures.PeakMemory,
            MeanIdle = figures.MeanIdle,
            BubbleRatio = figures.BubbleRatio,
            Method = shown.Result.Method,
            TokensPerSecond = tokens / seconds,
            Cost = cost,
            CostOfMillionTokens = cost / tokens * Million,
        };
    }

    private static double? GapOf(decimal objective, decimal? lowerBound) =>
        lowerBound is { } bound && objective > 0 ? (double)(Math.Max(0, objective - bound) / objective) : null;

    /// <summary>A point that waits does so, whatever is stored of its schedule; one that is done has what its schedule has reached since.</summary>
    private static string StatusOf(BatchItemRow item, StoredSchedule stored, ScheduleView view) => item.Status switch
    {
        BatchStatus.Waiting => BatchStatus.Waiting,
        BatchStatus.Submitted => stored.IsUnfinished ? view.Status : ScheduleStatus.Running,
        ScheduleStatus.Optimal or ScheduleStatus.Feasible => view.Reached,
        var ended => ended,
    };

    /// <summary>Marks the points that no other one is better than in one of both, and as good in the other.</summary>
    private static List<SweepRowAnswer> MarkFront(List<SweepRowAnswer> rows, IReadOnlyList<SweepPoint> points)
    {
        var costs = rows.Where(row => row.Objective is not null)
            .Select(row => (row.Index, Memory: MemoryOf(row, points[row.Index]), Time: TimeOf(row, points[row.Index]))).ToList();
        var (front, best) = (new HashSet<int>(), (Memory: double.NaN, Time: double.PositiveInfinity));
        foreach (var cost in costs.OrderBy(cost => cost.Memory).ThenBy(cost => cost.Time))
        {
            if (cost.Time >= best.Time && (cost.Memory, cost.Time) != best) continue;
            front.Add(cost.Index);
            best = (cost.Memory, cost.Time);
        }

        return rows.ConvertAll(row => row with { OnFront = front.Contains(row.Index) });
    }

    /// <summary>Bytes of the fullest device.</summary>
    private static double MemoryOf(SweepRowAnswer row, SweepPoint point) => point.Bytes(row.PeakMemory!.Value);

    /// <summary>Seconds of a microbatch, so that points of several numbers of them compare.</summary>
    private static double TimeOf(SweepRowAnswer row, SweepPoint point) => point.Seconds(row.Objective!.Value) / point.Microbatches;
}
