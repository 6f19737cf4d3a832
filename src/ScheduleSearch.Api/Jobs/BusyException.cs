namespace ScheduleSearch.Api.Jobs;

/// <summary>There are as many unfinished jobs as the settings allow.</summary>
internal sealed class BusyException() : Exception("Too many problems are being searched.");
