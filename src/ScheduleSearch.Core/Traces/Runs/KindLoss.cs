namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>What the operations of a kind on a stage took in a step, in milliseconds.</summary>
/// <param name="Stage" example="1">The stage, from 0.</param>
/// <param name="Op" example="forward">The kind.</param>
/// <param name="Recorded" example="283">All of them together.</param>
/// <param name="Planned" example="268.8">As much at their median.</param>
public sealed record KindLoss(int Stage, string Op, double Recorded, double Planned);
