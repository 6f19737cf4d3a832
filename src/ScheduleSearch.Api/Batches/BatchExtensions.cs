namespace ScheduleSearch.Api.Batches;

internal static class BatchExtensions
{
    /// <summary>Many requests at once.</summary>
    public static IServiceCollection AddBatches(this IServiceCollection services)
    {
        services.AddOptions<BatchSettings>().BindConfiguration("Batches").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<BatchStore>();
        services.AddSingleton<BatchAccess>();
        services.AddSingleton<BatchIntake>();
        services.AddSingleton<BatchCancellation>();
        services.AddHostedService<BatchFeeder>();
        return services;
    }
}
