using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Jobs;

/// <summary>Refuses roles that would leave searches without a worker: without Postgres the queues are this process's own.</summary>
internal sealed class JobRoleCheck(StorageSettings storage) : IValidateOptions<JobSettings>
{
    public ValidateOptionsResult Validate(string? name, JobSettings options) => options.Role != JobRole.Both && storage.IsSqlite
        ? ValidateOptionsResult.Fail($"Jobs:Role {options.Role} needs Postgres: set ConnectionStrings:Schedules, or leave the role at {JobRole.Both}.")
        : ValidateOptionsResult.Success;
}
