namespace ScheduleSearch.Api.Evaluations;

internal static class EvaluationExtensions
{
    /// <summary>Schedules under durations that vary.</summary>
    public static IServiceCollection AddEvaluations(this IServiceCollection services) => services.AddSingleton<Evaluations>();
}
