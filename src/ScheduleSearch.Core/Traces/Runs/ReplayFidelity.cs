namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>How the recorded steps compare with replays of the order that they had, in milliseconds.</summary>
/// <param name="Recorded" example="1940.2">From the first start to the last end of a step, in the median.</param>
/// <param name="OwnDurations" example="1938.9">The same of replays with each step's own durations, in the median.</param>
/// <param name="OwnError" example="0.002">By how much such a replay misses its step, as a share of it, in the median.</param>
/// <param name="MeanRecorded" example="1945.1">The mean of the steps.</param>
/// <param name="Medians" example="1935.6">The mean of replays of the steps' orders with the profile's durations.</param>
/// <param name="MediansError" example="-0.005">By how much this misses the mean of the steps, as a share of it: below 0 where the profile is too optimistic,
/// as it is where durations vary.</param>
public sealed record ReplayFidelity(
    double Recorded, double OwnDurations, double OwnError, double MeanRecorded, double Medians, double MediansError);
