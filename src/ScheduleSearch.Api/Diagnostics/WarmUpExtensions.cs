namespace ScheduleSearch.Api.Diagnostics;

internal static class WarmUpExtensions
{
    /// <summary>The first client finds the service warm.</summary>
    public static IServiceCollection AddWarmUp(this IServiceCollection services) => services.AddHostedService<WarmUp>();
}
