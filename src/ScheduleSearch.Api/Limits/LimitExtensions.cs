namespace ScheduleSearch.Api.Limits;

internal static class LimitExtensions
{
    /// <summary>What the server takes at most, as it is configured.</summary>
    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        services.AddOptions<LimitSettings>().BindConfiguration("Limits").ValidateDataAnnotations().ValidateOnStart();
        return services;
    }
}
