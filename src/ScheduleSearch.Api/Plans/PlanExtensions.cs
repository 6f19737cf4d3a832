namespace ScheduleSearch.Api.Plans;

internal static class PlanExtensions
{
    /// <summary>Plans of a model on a cluster.</summary>
    public static IServiceCollection AddPlans(this IServiceCollection services) => services.AddSingleton<PlanSearch>();
}
