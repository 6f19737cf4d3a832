namespace ScheduleSearch.Core.Schedules;

/// <summary>A rule that a schedule breaks.</summary>
/// <param name="Rule">
/// <c>placement</c>, <c>completeness</c>, <c>split</c>, <c>overlap</c>, <c>duration</c>, <c>lane</c>, <c>dependency</c>, <c>memory</c>,
/// <c>deadline</c>, or <c>deadlock</c>, which shows where an order is replayed.
/// </param>
/// <param name="Device">The device on which it is broken.</param>
/// <param name="Position">Position in the device's order, from 0, or of a CSV the cell of the row; -1 when an operation is missing.</param>
/// <param name="Message">What is wrong, in one sentence.</param>
public readonly record struct Violation(string Rule, int Device, int Position, string Message);
