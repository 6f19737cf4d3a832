namespace ScheduleSearch.Core.Bounds;

/// <summary>
/// Work of one stage that memory holds back: each of up to <c>Count</c> microbatches holds its whole activation, or the rest of it, or
/// nothing.
/// </summary>
/// <param name="Count">Most microbatches that hold memory for the stage.</param>
/// <param name="Whole">Memory units of a whole activation.</param>
/// <param name="WorkOfWhole">Ticks of work that a whole activation stands for; no less than <paramref name="WorkOfRest"/>.</param>
/// <param name="Rest">Memory units of the rest; no more than <paramref name="Whole"/>.</param>
/// <param name="WorkOfRest">Ticks of work that the rest stands for.</param>
internal readonly record struct PendingStage(long Count, long Whole, long WorkOfWhole, long Rest, long WorkOfRest);
