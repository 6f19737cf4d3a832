using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace ScheduleSearch.Api.Jobs;

/// <summary>Drops a ticket soon after its end: what became of the search is in the table of schedules.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KeptBrieflyAttribute : JobFilterAttribute, IApplyStateFilter
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction) => context.JobExpirationTimeout = Kept;

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction) => context.JobExpirationTimeout = Kept;
}
