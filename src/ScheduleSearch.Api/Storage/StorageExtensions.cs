using System.Data.Common;
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
        services.AddSingleton(provider => ContextsWithinOf(provider.GetRequiredService<StorageSettings>(), provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<Rehearsal>();
        services.AddOptions<LeaseSettings>().BindConfiguration("Leases").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RowChanges>();
        services.AddSingleton<ProcessName>();
        services.AddSingleton<ScheduleStore>();
        services.AddSingleton<ScheduleQueue>();
        services.AddSingleton<ScheduleCounts>();
        services.AddSingleton<GivenSchedules>();
        services.AddSingleton<KinSchedules>();
        services.AddSingleton<NearSchedules>();
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
                SqliteOptions(loggers, options => options.UseSqlite(settings.ConnectionString)));
            return sqlite.CreateDbContext;
        }

        var postgres = new PooledDbContextFactory<PostgresSchedulesContext>(
            OptionsOf<PostgresSchedulesContext>(loggers, options => options.UseNpgsql(settings.ConnectionString)));
        return postgres.CreateDbContext;
    }

    private static Func<DbTransaction, SchedulesContext> ContextsWithinOf(StorageSettings settings, ILoggerFactory loggers) => transaction =>
    {
        SchedulesContext context = settings.IsSqlite
            ? new SqliteSchedulesContext(SqliteOptions(loggers, options => options.UseSqlite(transaction.Connection!)))
            : new PostgresSchedulesContext(OptionsOf<PostgresSchedulesContext>(loggers, options => options.UseNpgsql(transaction.Connection!)));
        context.Database.UseTransaction(transaction);
        return context;
    };

    private static DbContextOptions<SqliteSchedulesContext> SqliteOptions(ILoggerFactory loggers, Func<DbContextOptionsBuilder, DbContextOptionsBuilder> use) =>
        OptionsOf<SqliteSchedulesContext>(loggers, options => use(options).AddInterceptors(SqliteWaits.Instance));

    private static DbContextOptions<T> OptionsOf<T>(ILoggerFactory loggers, Action<DbContextOptionsBuilder> use)
        where T : SchedulesContext
    {
        var options = new DbContextOptionsBuilder<T>().UseLoggerFactory(loggers);
        use(options);
        return options.Options;
    }
}
