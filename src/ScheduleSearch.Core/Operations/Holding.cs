namespace ScheduleSearch.Core.Operations;

/// <summary>
/// Memory that a device holds from the start of one of its operations to the end of another, or of the same one. All that an operation takes or
/// frees is the sum of the holdings that begin or end with it.
/// </summary>
/// <param name="From">Index of the operation at whose start the memory is taken.</param>
/// <param name="To">Index of the operation at whose end it is freed, on the same compute lane.</param>
/// <param name="Units">Memory units, above 0.</param>
public readonly record struct Holding(int From, int To, long Units);
