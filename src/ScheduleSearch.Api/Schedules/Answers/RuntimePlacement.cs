namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>Where each stage stands.</summary>
/// <param name="Name">The name of the placement.</param>
/// <param name="RanksOfStages">For each pipe the rank of each of its stages.</param>
internal sealed record RuntimePlacement(string Name, IReadOnlyList<IReadOnlyList<int>> RanksOfStages);
