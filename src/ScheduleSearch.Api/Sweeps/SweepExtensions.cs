namespace ScheduleSearch.Api.Sweeps;

internal static class SweepExtensions
{
    /// <summary>Requests with members that vary.</summary>
    public static IServiceCollection AddSweeps(this IServiceCollection services)
    {
        services.AddSingleton<SweepReader>();
        services.AddSingleton<SweepStore>();
        services.AddSingleton<SweepResults>();
        services.AddSingleton<LeastMemorySearch>();
        services.AddHostedService<SweepSharing>();
        return services;
    }
}
