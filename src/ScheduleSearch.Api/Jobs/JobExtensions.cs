using Microsoft.Extensions.DependencyInjection.Extensions;
using ScheduleSearch.Solver;

namespace ScheduleSearch.Api.Jobs;

internal static class JobExtensions
{
    /// <summary>The solver and the searches that run in this process.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddOptions<JobSettings>().BindConfiguration("Jobs").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ScheduleSolver>();
        services.AddSingleton<ISolver, PortfolioSolver>();
        services.AddSingleton<SearchLanes>();
        services.AddSingleton<SearchBudgets>();
        services.AddSingleton<ImprovementWriter>();
        services.AddSingleton<ScheduleJobs>();
        services.AddSingleton<JobRunner>();
        services.AddHostedService(provider => provider.GetRequiredService<JobRunner>());
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(10));
        return services;
    }
}
