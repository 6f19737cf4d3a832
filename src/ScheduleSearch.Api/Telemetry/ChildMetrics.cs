using System.Diagnostics.Metrics;
using ScheduleSearch.Solver;
using ScheduleSearch.Solver.Processes;

namespace ScheduleSearch.Api.Telemetry;

/// <summary>How many children the solver has, what memory they hold, and how many ended before their search was done.</summary>
internal sealed class ChildMetrics : IHostedService
{
    private readonly ScheduleSolver _solver;
    private readonly Counter<long> _lost;

    public ChildMetrics(ScheduleSolver solver, IMeterFactory meters)
    {
        _solver = solver;
        var meter = meters.Create(TelemetryNames.Service);
        _lost = meter.CreateCounter<long>(
            "schedulesearch.solver.children.lost", "{process}", "Solver children that ended before their search did, by why.");
        meter.CreateObservableUpDownCounter(
            "schedulesearch.solver.children", () => solver.ChildMemory.Count, "{process}", "Solver children that run, searching or kept warm.");
        meter.CreateObservableUpDownCounter(
            "schedulesearch.solver.children.memory", () => solver.ChildMemory.Sum(), "By", "Resident memory of all solver children.");
    }

    /// <summary>Counters are there from the start, or their first step would be missing.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var loss in Enum.GetValues<ChildLoss>()) Count(loss, 0);
        _solver.ChildLost += Count;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _solver.ChildLost -= Count;
        return Task.CompletedTask;
    }

    private void Count(ChildLoss loss) => Count(loss, 1);

    private void Count(ChildLoss loss, int number) => _lost.Add(number, new KeyValuePair<string, object?>("reason", loss switch
    {
        ChildLoss.OverTime => "time",
        ChildLoss.OverMemory => "memory",
        _ => "died",
    }));
}
