namespace ScheduleSearch.Core.Instructions;

/// <summary>A setting of a runtime that must agree with a stream.</summary>
/// <param name="Name">The name that the runtime gives it.</param>
/// <param name="Value">What it must be.</param>
public readonly record struct RuntimeSetting(string Name, string Value);
