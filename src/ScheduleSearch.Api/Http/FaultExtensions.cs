namespace ScheduleSearch.Api.Http;

internal static class FaultExtensions
{
    /// <summary>Every error leaves as a problem.</summary>
    public static IServiceCollection AddFaults(this IServiceCollection services)
    {
        services.Insert(0, ServiceDescriptor.Transient<IStartupFilter, FirstAnswers>());
        return services.AddSingleton<ProblemExceptionHandler>().AddExceptionHandler<ProblemExceptionHandler>();
    }

    /// <summary>Turns exceptions into problems.</summary>
    public static IApplicationBuilder UseFaults(this IApplicationBuilder app) => app.UseExceptionHandler(_ => { });

    /// <summary>Documents the statuses that come with a problem.</summary>
    public static RouteHandlerBuilder ProducesFaults(this RouteHandlerBuilder builder, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses) builder.Produces<HttpProblem>(status, HttpProblem.MediaType);
        return builder;
    }
}
