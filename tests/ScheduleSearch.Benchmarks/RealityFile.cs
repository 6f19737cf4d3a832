using System.Globalization;

namespace ScheduleSearch.Benchmarks;

/// <summary>Writes the tables of recorded runs to REALITY.md beside the benchmarks' sources.</summary>
internal static class RealityFile
{
    /// <summary>Writes the file anew.</summary>
    public static void Write(string folder, double seconds, string predicted, string searched, string robust) => File.WriteAllText(
        Path.Combine(folder, "REALITY.md"),
        string.Create(CultureInfo.InvariantCulture, $"""
        # Predicted against measured

        Made on {DateTime.UtcNow:yyyy-MM-dd} by `dotnet run -c Release --project tests/ScheduleSearch.Benchmarks -- reality {seconds}`. The runs are those of
        [tests/Traces](../Traces/README.md), which nobody here made.

        ## What is predicted of the orders that the runs had

        A step counts from the first start to the last end of its operations. "own durations" replays the order of each step with its own durations: the
        difference to the step in the median. The others are against the mean, or the p95, of the steps: "medians" replays the orders with the medians of
        each stage and kind; "resampled" draws each microbatch's durations from those measured, all stages together, as `evaluate` does with `samples`,
        {RealityTable.Replays:N0} times.

        {predicted}
        Medians alone are too optimistic where microbatches are uneven: whatever rank has the longest one at a time holds up the others. Resampled durations
        know that. They know nothing of what whole steps have in common, such as a slow one now and then, and so miss the p95 where steps differ.

        ## What the searched orders would have saved

        Searched for {seconds} s at the medians, with the memory of 1F1B: as many activations on each rank as there are ranks, a half of each until the weight
        gradient. Each order is replayed with the recorded durations of every step, microbatches matched; where backwards were recorded whole, both gradients
        take half of each, and what splitting costs a runtime beyond that is not in it. "as recorded" is the runs' own order, replayed in the same way;
        the last two columns are against it.

        "robust" orders are searched under `options.noise` with the durations that were measured as its `samples`, for the mean or the p95 of 32 scenarios
        drawn of them.

        {searched}
        With two ranks and backwards in halves the order that is best at the medians is as good as any that is searched for the scenarios: 32 scenarios of durations that
        vary so much do not tell orders apart that differ by a few thousandths, and the one of the least mean over them need not have it over all steps. Whole
        backwards leave nothing to choose within the memory of 1F1B. Where there are more ranks, orders for the mean hold up.

        ## Robust orders under durations that no search has met

        Eight devices, 32 microbatches, 20, 20 and 18 ms, latency 0.5 ms, and room for so many activations as the limit says. Each order is searched for
        {seconds} s, at the profile's durations or under the noise, and then replayed {RobustTable.Replays:N0} times with other draws than the search's
        scenarios, the same for all orders. The last two columns are against the order that is searched at the profile's durations.

        {robust}
        """));
}
