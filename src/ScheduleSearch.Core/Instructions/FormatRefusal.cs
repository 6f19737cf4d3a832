namespace ScheduleSearch.Core.Instructions;

/// <summary>Why a format cannot carry a schedule, and what would make it possible.</summary>
/// <param name="Member">JSON path of the request's member that decides it, such as <c>$.options.splitBackward</c>; the parameter <c>format</c> when none does.</param>
/// <param name="Reason">What the runtime cannot do, in one sentence.</param>
/// <param name="Fix">What to change, in one sentence.</param>
public sealed record FormatRefusal(string Member, string Reason, string Fix);

/// <summary>A setting of a runtime that must agree with a stream.</summary>
/// <param name="Name">The name that the runtime gives it.</param>
/// <param name="Value">What it must be.</param>
public readonly record struct RuntimeSetting(string Name, string Value);
