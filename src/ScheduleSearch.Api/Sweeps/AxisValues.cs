namespace ScheduleSearch.Api.Sweeps;

/// <summary>The values of an axis as numbers from one end to the other, evenly; a list of any JSON will do too.</summary>
/// <param name="From" example="4">The first.</param>
/// <param name="To" example="16">The last.</param>
/// <param name="Steps" example="7">How many there are, both ends among them: at least 2.</param>
internal sealed record AxisValues(decimal From, decimal To, int Steps);
