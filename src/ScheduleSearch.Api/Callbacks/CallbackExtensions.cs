namespace ScheduleSearch.Api.Callbacks;

internal static class CallbackExtensions
{
    /// <summary>Messages to whoever asked to be told of the end of a search.</summary>
    public static IServiceCollection AddCallbacks(this IServiceCollection services)
    {
        services.AddOptions<CallbackSettings>().BindConfiguration("Callbacks").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<CallbackPolicy>();
        services.AddSingleton<CallbackStore>();
        services.AddSingleton<CallableAddresses>();
        services.AddSingleton<CallbackSender>();
        services.AddSingleton<CallbackOutcomes>();
        services.AddHostedService<CallbackDelivery>();
        return services;
    }
}
