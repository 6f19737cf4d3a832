using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Solver;
using ScheduleSearch.Solver.Processes;

namespace ScheduleSearch.Api.Jobs;

internal static class JobExtensions
{
    /// <summary>The solver and the jobs of this process.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddOptions<JobSettings>().BindConfiguration("Jobs").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<SolverSettings>().BindConfiguration("Solver")
            .Validate(solver => solver is { Workers: > 0, MemoryCeiling: > 0, WarmChildren: >= 0 }, "Solver: Workers and MemoryCeiling must be above 0.")
            .ValidateOnStart();
        services.AddSingleton(SolverOf);
        services.AddSingleton<ISolver, ServiceSolver>();
        services.AddSingleton<SolverConcurrency>();
        services.AddSingleton<JobBudgets>();
        services.AddSingleton<ImprovementWriter>();
        services.AddSingleton<JobControl>();
        services.AddSingleton<ProblemAttempt>();
        services.AddSingleton<ChoiceAttempt>();
        services.AddSingleton<Attempts>();
        services.AddSingleton<JobRunner>();
        services.AddHostedService(provider => provider.GetRequiredService<JobRunner>());
        services.AddHostedService<SolverWarmUp>();
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(10));
        return services;
    }

    private static ScheduleSolver SolverOf(IServiceProvider provider)
    {
        var longest = TimeSpan.FromSeconds(provider.GetRequiredService<IOptions<LimitSettings>>().Value.MaxTimeLimitSeconds);
        var logger = provider.GetRequiredService<ILogger<ScheduleSolver>>();
        return new ScheduleSolver(
            provider.GetRequiredService<IOptions<SolverSettings>>().Value with { LongestWork = longest },
            report => logger.LogWarning("{Report}", report));
    }
}
