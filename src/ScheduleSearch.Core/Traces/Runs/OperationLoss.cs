namespace ScheduleSearch.Core.Traces.Runs;

/// <summary>An operation of a step that took longer than its kind does on its stage, or that began late, in milliseconds from the step's begin.</summary>
/// <param name="Rank" example="1">The pipeline rank.</param>
/// <param name="Stage" example="1">The stage, from 0.</param>
/// <param name="Op" example="forward">The kind.</param>
/// <param name="Microbatch" example="2">The microbatch, from 0.</param>
/// <param name="Start" example="201.5">When it began.</param>
/// <param name="Duration" example="92.1">What it took.</param>
/// <param name="Excess" example="24.9">By how much that is more than the median.</param>
/// <param name="Late" example="0.8">How long it did not begin though everything that it takes was there.</param>
public sealed record OperationLoss(int Rank, int Stage, string Op, int Microbatch, double Start, double Duration, double Excess, double Late);
