using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Schedules.Requests;

namespace ScheduleSearch.Api.Schedules;

internal static class ScheduleExtensions
{
    /// <summary>Reading requests and answering with schedules.</summary>
    public static IServiceCollection AddSchedules(this IServiceCollection services)
    {
        services.AddOptions<CacheSettings>().BindConfiguration("Cache").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RequestBody>();
        services.AddSingleton<RequestReader>();
        services.AddSingleton<ResearchReader>();
        services.AddSingleton<SolveAnswers>();
        services.AddSingleton<ScheduleCache>();
        services.AddSingleton<TrustedSchedules>();
        services.AddSingleton<CanonicalIds>();
        services.AddSingleton<SolveCharges>();
        services.AddSingleton<CallersSchedules>();
        services.AddSingleton<OwnOrders>();
        return services;
    }
}
