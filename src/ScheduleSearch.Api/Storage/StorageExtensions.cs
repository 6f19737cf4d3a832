using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Storage;

internal static class StorageExtensions
{
    /// <summary>The table of schedules, in the database that the configuration names.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddSingleton(provider => StorageSettings.Of(
            provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<IHostEnvironment>().ContentRootPath));
        services.AddSingleton(provider => ContextsOf(provider.GetRequiredService<StorageSettings>(), provider.GetRequiredService<ILoggerFactory>()));
        services.AddOptions<LeaseSettings>().BindConfiguration("Leases").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RowChanges>();
        services.AddSingleton<ProcessName>();
        services.AddSingleton<ScheduleStore>();
        services.AddSingleton<ScheduleQueue>();
        services.AddSingleton<ScheduleCounts>();
        services.AddOptions<KeepSettings>().BindConfiguration("Revisions").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<KeptSchedules>();
        services.AddOptions<ReadinessSettings>().BindConfiguration("Readiness").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<StorageProbe>();
        services.AddSingleton<StorageStartup>();
        services.AddHostedService(provider => provider.GetRequiredService<StorageStartup>());
        services.AddHostedService<PostgresChanges>();
        return services;
    }

    private static Func<SchedulesContext> ContextsOf(StorageSettings settings, ILoggerFactory loggers)
    {
        if (settings.IsSqlite)
        {
            var sqlite = new PooledDbContextFactory<SqliteSchedulesContext>(
                new DbContextOptionsBuilder<SqliteSchedulesContext>().UseLoggerFactory(loggers).UseSqlite(settings.ConnectionString).Options);
            return sqlite.CreateDbContext;
        }

        var postgres = new PooledDbContextFactory<PostgresSchedulesContext>(
            new DbContextOptionsBuilder<PostgresSchedulesContext>().UseLoggerFactory(loggers).UseNpgsql(settings.ConnectionString).Options);
        return postgres.CreateDbContext;
    }
}
