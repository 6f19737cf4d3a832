using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using ScheduleSearch.Api.Access;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScheduleSearch.Api.Diagnostics;

internal static class KeyDocument
{
    /// <summary>Where keys are required, lets the page send one and says of each call which role it takes.</summary>
    public static IServiceCollection AddKeyDocument(this IServiceCollection services)
    {
        services.AddOptions<SwaggerGenOptions>().Configure<IOptions<AccessSettings>>((document, access) =>
        {
            document.OperationFilter<KeyOperations>(access.Value.RequireKeys);
            if (!access.Value.RequireKeys) return;
            document.AddSecurityDefinition(KeyAuthentication.SchemeName, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = KeyAuthentication.SchemeName,
                Description = "A key, as the command `keys create` prints it.",
            });
        });
        return services;
    }
}
