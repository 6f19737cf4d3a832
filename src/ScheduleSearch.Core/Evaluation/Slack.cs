namespace ScheduleSearch.Core.Evaluation;

/// <summary>How much longer operations of a device, or messages of a link, may take at no cost, in ticks.</summary>
/// <param name="Once">One of them, whichever.</param>
/// <param name="Each">Every one of them at the same time; at most <paramref name="Once"/>.</param>
public readonly record struct Slack(long Once, long Each);
