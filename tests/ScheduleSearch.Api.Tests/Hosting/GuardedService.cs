using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Jobs;

namespace ScheduleSearch.Api.Tests.Hosting;

/// <summary>Services that require keys.</summary>
internal static class GuardedService
{
    /// <summary>Starts one on a database.</summary>
    public static TestService Start(TestDatabase database, ISolver? solver = null, params (string Name, string Value)[] settings) =>
        new(database.ConnectionString, solver ?? new StubSolver(), [("Access:RequireKeys", "true"), .. settings]);

    /// <summary>Makes a key that the service takes, as the header that sends it.</summary>
    public static async Task<(string Id, (string Name, string Value) Header)> KeyAsync(
        this TestService service, AccessRole role = AccessRole.Solve, Quotas quotas = default)
    {
        await service.ReadyAsync();
        var (id, text) = await service.Services.GetRequiredService<KeyStore>().CreateAsync("test", role, quotas, CancellationToken.None);
        await Task.Delay(KeyRing.MostAge);
        return (id, Bearer(text));
    }

    public static (string Name, string Value) Bearer(string text) => ("Authorization", $"Bearer {text}");

    /// <summary>Every endpoint of the service, with the methods that it takes.</summary>
    public static IEnumerable<(string Method, RouteEndpoint Endpoint)> Endpoints(this TestService service) =>
        from endpoint in service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        select (method, endpoint);

    /// <summary>The path of an endpoint for a schedule.</summary>
    public static string PathFor(this RouteEndpoint endpoint, string id) =>
        $"/{endpoint.RoutePattern.RawText!.TrimStart('/')}".Replace("{id}", id, StringComparison.Ordinal).Replace("{**page}", "", StringComparison.Ordinal);
}
