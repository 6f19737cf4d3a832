namespace ScheduleSearch.Core.Evaluation;

/// <summary>What the operations of a graph take in the scenarios of a problem under noise, in ticks: a number for each, which lie side by side.</summary>
/// <param name="Durations">Durations, by the operations' index.</param>
/// <param name="Delays">What messages to other devices take beyond their lag, by the index of the operation that sends; null where none takes longer.</param>
public sealed record ScenarioTimes(double[] Durations, double[]? Delays)
{
    /// <summary>The durations of an operation.</summary>
    public ReadOnlySpan<double> DurationOf(int operation) => Durations.AsSpan(operation * Scenarios.Count, Scenarios.Count);

    /// <summary>The delays of what an operation sends to another device.</summary>
    public ReadOnlySpan<double> DelayOf(int operation) => Delays.AsSpan(operation * Scenarios.Count, Scenarios.Count);
}
