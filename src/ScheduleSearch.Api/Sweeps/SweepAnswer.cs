namespace ScheduleSearch.Api.Sweeps;

/// <summary>How far a sweep is, and what its points have reached.</summary>
/// <param name="Id" example="2f1c6a52-6a0e-4f3b-9d0c-6a1f5f0f7c11">The id of the sweep, and of the batch that its requests are.</param>
/// <param name="Status" example="running"><c>running</c>, <c>done</c> or <c>canceled</c>.</param>
/// <param name="Count" example="64">Its points.</param>
/// <param name="Done" example="12">Those that are done.</param>
/// <param name="CreatedAt">When it was sent.</param>
/// <param name="Axes">The paths of the members that vary.</param>
/// <param name="Points">A row for each point, whether it is done or not.</param>
internal sealed record SweepAnswer(
    string Id, string Status, int Count, int Done, DateTime CreatedAt, IReadOnlyList<string> Axes, IReadOnlyList<SweepRowAnswer> Points);
