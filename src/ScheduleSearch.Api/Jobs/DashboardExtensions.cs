using Hangfire;
using Microsoft.Extensions.Options;

namespace ScheduleSearch.Api.Jobs;

internal static class DashboardExtensions
{
    private const string Path = "/jobs";

    /// <summary>Shows the queues of the jobs to people at the machine itself, to look at only.</summary>
    /// <returns>What was mapped; null when the settings leave it out.</returns>
    public static IEndpointConventionBuilder? MapDashboard(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<JobSettings>>().Value.Dashboard) return null;
        // Made when it is asked for, as the database need not be there when the service starts.
        var dashboard = new Lazy<RequestDelegate>(() => Dashboard(app), LazyThreadSafetyMode.PublicationOnly);
        return app.Map($"{Path}/{{**page}}", context => dashboard.Value(context)).ExcludeFromDescription();
    }

    private static RequestDelegate Dashboard(IApplicationBuilder app)
    {
        var branch = app.New();
        branch.UsePathBase(Path);
        branch.UseHangfireDashboard(
            "", new DashboardOptions { DashboardTitle = "ScheduleSearch", IsReadOnlyFunc = _ => true, AppPath = null, Authorization = [new LocalVisitors()] });
        return branch.Build();
    }
}
