using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Api.Storage;

namespace ScheduleSearch.Api.Access;

internal static class AccessExtensions
{
    /// <summary>Keys, roles and quotas.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddOptions<AccessSettings>().BindConfiguration("Access").ValidateDataAnnotations()
            .Validate(
                access => access.RequireKeys || access.Schedules == ScheduleVisibility.Shared,
                "Access:Schedules is own, and without Access:RequireKeys nobody owns anything: set that too, or leave it out.")
            .ValidateOnStart();
        services.AddSingleton<KeyStore>();
        services.AddSingleton<OwnKey>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<CallerQuotas>();
        services.AddSingleton<SolveQuotas>();
        services.AddSingleton<Askers>();
        services.AddSingleton<IScheduleScope>(provider => provider.GetRequiredService<Askers>());
        services.AddSingleton<AuditLog>();
        services.AddAuthentication(KeyAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, KeyAuthentication>(KeyAuthentication.SchemeName, _ => { });
        services.AddSingleton<IAuthorizationHandler, RoleHandler>();
        var policies = services.AddAuthorizationBuilder();
        foreach (var name in AccessRoles.Names) policies.AddPolicy(name, policy => policy.AddRequirements(new RoleRequirement(AccessRoles.Parse(name))));
        // What says of itself nothing at all is for administrators. A path that is none stays a 404.
        policies.SetFallbackPolicy(new AuthorizationPolicyBuilder().AddRequirements(new RoleRequirement(AccessRole.Admin)).Build());
        services.AddSingleton<RequestRate>();
        return services;
    }

    /// <summary>Says who sent a request, and refuses what its key may not do. Routing comes before, the endpoints after.</summary>
    public static WebApplication UseAccess(this WebApplication app)
    {
        app.UseAuthentication();
        app.Use(app.Services.GetRequiredService<RequestRate>().CountAsync);
        app.UseAuthorization();
        return app;
    }

    /// <summary>Why a service of this configuration must not start; null when it may.</summary>
    public static string? RefusalToListen(this WebApplication app)
    {
        var access = app.Services.GetRequiredService<IOptions<AccessSettings>>().Value;
        if (access.RequireKeys || access.AllowOpen || ListenAddresses.BeyondLoopback(app.Configuration) is not { } address) return null;
        return $"Refusing to listen on {address}, where other machines reach it, without keys: set Access__RequireKeys=true and make keys with the command "
            + "'keys create', or set Access__AllowOpen=true where something else keeps strangers away.";
    }
}
