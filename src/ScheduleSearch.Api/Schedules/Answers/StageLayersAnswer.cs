namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>The layers of one stage.</summary>
/// <param name="Stage">The stage, from 0.</param>
/// <param name="Devices">Its device; in a placement of two pipes that of each pipe.</param>
/// <param name="First">Its first layer, from 0, equal layers counted each.</param>
/// <param name="Count">How many layers it has; 0 for none.</param>
/// <param name="Names">What they are called, each name once.</param>
internal sealed record StageLayersAnswer(int Stage, IReadOnlyList<int> Devices, int First, int Count, IReadOnlyList<string> Names);
