namespace ScheduleSearch.Api.Schedules;

internal static class ScheduleExtensions
{
    /// <summary>Reading requests and answering with schedules, within the configured limits.</summary>
    public static IServiceCollection AddSchedules(this IServiceCollection services)
    {
        services.AddOptions<LimitSettings>().BindConfiguration("Limits").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<CacheSettings>().BindConfiguration("Cache").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RequestReader>();
        services.AddSingleton<ScheduleCache>();
        services.AddSingleton<Solving>();
        return services;
    }
}
