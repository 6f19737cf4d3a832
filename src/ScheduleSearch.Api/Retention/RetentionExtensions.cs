namespace ScheduleSearch.Api.Retention;

internal static class RetentionExtensions
{
    /// <summary>Deleting what is old.</summary>
    public static IServiceCollection AddRetention(this IServiceCollection services)
    {
        services.AddOptions<RetentionSettings>().BindConfiguration("Retention").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Pruning>();
        services.AddHostedService<RetentionService>();
        return services;
    }
}
