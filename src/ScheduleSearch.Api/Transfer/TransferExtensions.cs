namespace ScheduleSearch.Api.Transfer;

internal static class TransferExtensions
{
    /// <summary>Schedules that go from server to server in files.</summary>
    public static IServiceCollection AddTransfer(this IServiceCollection services)
    {
        services.AddSingleton<Export>();
        services.AddSingleton<Import>();
        return services;
    }
}
