namespace ScheduleSearch.Core.Features.Recompute;

/// <summary>What a stage may do with its activation: keep all of it, or recompute it from what one of the levels keeps.</summary>
/// <param name="Kept">What is kept, in the profile's unit.</param>
/// <param name="Time">The time of recomputing, in the profile's unit; 0 where all is kept.</param>
/// <param name="Recomputes">Whether it recomputes.</param>
internal sealed record RecomputeOption(decimal Kept, decimal Time, bool Recomputes);
