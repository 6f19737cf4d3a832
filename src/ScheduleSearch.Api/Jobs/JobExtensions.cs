using Hangfire;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Solver;
using ScheduleSearch.Solver.Processes;

namespace ScheduleSearch.Api.Jobs;

internal static class JobExtensions
{
    private const string JobSchema = "schedulesearch_jobs";

    /// <summary>The solver and the jobs of this process.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddOptions<JobSettings>().BindConfiguration("Jobs").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<SolverSettings>().BindConfiguration("Solver")
            .Validate(solver => solver is { Workers: > 0, MemoryCeiling: > 0, WarmChildren: >= 0 }, "Solver: Workers and MemoryCeiling must be above 0.")
            .ValidateOnStart();
        services.AddSingleton(SolverOf);
        services.AddSingleton<ServiceSolver>();
        services.AddSingleton<ISolver>(provider => ActivatorUtilities.CreateInstance<MeteredSolver>(provider, provider.GetRequiredService<ServiceSolver>()));
        services.AddSingleton<IValidateOptions<JobSettings>, JobRoleCheck>();
        services.AddSingleton<JobBudgets>();
        services.AddSingleton<ImprovementWriter>();
        services.AddSingleton<LeaseKeeper>();
        services.AddSingleton<ScheduleWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<ScheduleWatch>());
        services.AddSingleton<JobControl>();
        services.AddSingleton<AttemptEnd>();
        services.AddSingleton<QuickAttempt>();
        services.AddSingleton<SearchAttempt>();
        services.AddSingleton<ChoiceAttempt>();
        services.AddHostedService<SolverWarmUp>();
        services.AddSingleton<LaneWork>();
        services.AddSingleton<Tickets>();
        services.AddHostedService(provider => provider.GetRequiredService<Tickets>());
        services.AddQueues();
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(10));
        return services;
    }

    /// <summary>The queues of the jobs, where the schedules are, and the workers that are called through them.</summary>
    private static void AddQueues(this IServiceCollection services)
    {
        // Of the service, not of the process: several may live in one.
        services.AddSingleton(QueuesOf);
        services.AddSingleton<JobActivator>(provider => new Hangfire.AspNetCore.AspNetCoreJobActivator(provider.GetRequiredService<IServiceScopeFactory>()));
        services.AddSingleton<IBackgroundJobClient>(provider => new BackgroundJobClient(provider.GetRequiredService<JobStorage>()));
        services.AddHangfire((provider, configuration) => configuration
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings()
            .UseLogProvider(new QueueLogs(provider.GetRequiredService<ILoggerFactory>())));
        services.AddHostedService<Workers>();
        services.AddHostedService<Sweep>();
    }

    private static JobStorage QueuesOf(IServiceProvider provider)
    {
        // Carries out the configuration, which tickets are written by.
        provider.GetRequiredService<IGlobalConfiguration>();
        var settings = provider.GetRequiredService<StorageSettings>();
        if (settings.IsSqlite) return new InMemoryStorage(new InMemoryStorageOptions { IdType = InMemoryStorageIdType.Long });
        var options = new PostgreSqlStorageOptions
        {
            SchemaName = JobSchema,
            QueuePollInterval = TimeSpan.FromSeconds(1),
            UseSlidingInvisibilityTimeout = true,
            InvisibilityTimeout = TimeSpan.FromSeconds(60),
            // Whoever needs it waits for the database and tries again.
            StartupConnectionMaxRetries = 0,
        };
        // Processes that start together on a new database make its tables one after the other: at once they fail at each other's.
        using var connection = new NpgsqlConnection(settings.ConnectionString);
        connection.Open();
        using var transaction = connection.BeginTransaction();
        using var turn = new NpgsqlCommand("SELECT pg_advisory_xact_lock(hashtext('" + JobSchema + "'))", connection, transaction);
        turn.ExecuteNonQuery();
        return new PostgreSqlStorage(new NpgsqlConnectionFactory(settings.ConnectionString, options), options);
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
