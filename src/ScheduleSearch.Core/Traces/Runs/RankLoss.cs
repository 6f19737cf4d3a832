namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>What a rank did in a step, beside what it does in the same order with the profile's durations.</summary>
/// <param name="Rank" example="1">The pipeline rank.</param>
/// <param name="Recorded">What it did.</param>
/// <param name="Planned">What it does with the profile's durations. The sums of both differ by what the step lost.</param>
public sealed record RankLoss(int Rank, TimeUse Recorded, TimeUse Planned);
