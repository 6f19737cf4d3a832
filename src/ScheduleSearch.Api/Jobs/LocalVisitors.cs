using Hangfire.Dashboard;
using ScheduleSearch.Api.Limits;

namespace ScheduleSearch.Api.Jobs;

/// <summary>Shows the queues to people at the machine itself.</summary>
internal sealed class LocalVisitors : IDashboardAuthorizationFilter
{
    public bool Authorize(DashboardContext context) => LocalVisitor.Sent(context.GetHttpContext());
}
