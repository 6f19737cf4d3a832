namespace ScheduleSearch.Core.Schedules;

/// <summary>Something that an operation cannot start without.</summary>
/// <param name="What">What it is, as messages name it.</param>
/// <param name="Stage">The stage that it comes from.</param>
/// <param name="Ready">The tick from which it is there.</param>
public readonly record struct Need(string What, int Stage, long Ready);
