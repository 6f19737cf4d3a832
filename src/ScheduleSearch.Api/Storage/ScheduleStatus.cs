namespace ScheduleSearch.Api.Storage;

/// <summary>The states of a schedule, as answers and the table name them.</summary>
internal static class ScheduleStatus
{
    public const string Queued = "queued";
    public const string Running = "running";
    public const string Feasible = "feasible";
    public const string Optimal = "optimal";
    public const string Canceled = "canceled";
    public const string Failed = "failed";

    public static IReadOnlyList<string> All { get; } = [Queued, Running, Feasible, Optimal, Canceled, Failed];
}
