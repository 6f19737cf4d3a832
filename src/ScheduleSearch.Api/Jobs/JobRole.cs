namespace ScheduleSearch.Api.Jobs;

/// <summary>What a process of the service does.</summary>
internal enum JobRole
{
    /// <summary>Answers requests and carries out searches.</summary>
    Both,

    /// <summary>Answers requests; searches are left to workers.</summary>
    Api,

    /// <summary>Carries out searches; of requests it answers those about its health.</summary>
    Worker,
}
