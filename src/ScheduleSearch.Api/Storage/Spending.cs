namespace ScheduleSearch.Api.Storage;

/// <summary>What has been spent on a result.</summary>
/// <param name="Seconds">The largest budget of seconds that was spent to its end.</param>
/// <param name="Work">The largest budget of work units that was spent to its end.</param>
/// <param name="SolveSeconds">Search time in all.</param>
internal readonly record struct Spending(double Seconds, long Work, double SolveSeconds);
