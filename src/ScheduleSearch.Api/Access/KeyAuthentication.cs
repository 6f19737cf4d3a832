using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using ScheduleSearch.Api.Http;

namespace ScheduleSearch.Api.Access;

/// <summary>Takes keys that are sent as <c>Authorization: Bearer KEY</c>, and answers 401 and 403 as problems.</summary>
internal sealed class KeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, KeyRing keys, OwnKey own,
    IOptions<AccessSettings> settings)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Bearer";

    private const string Challenge = "Bearer realm=\"ScheduleSearch\"";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // What is open to everybody is answered without the database.
        var isOpen = !settings.Value.RequireKeys || Context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        if (Presented() is not { } text) return AuthenticateResult.NoResult();
        var isOwn = own.Is(text);
        if (isOpen && !isOwn) return AuthenticateResult.NoResult();
        if ((isOwn ? own.Key : await keys.FindAsync(text, Context.RequestAborted)) is not { } key) return AuthenticateResult.Fail("The key is wrong.");
        Context.Features.Set(key);
        Claim[] claims = [new(ClaimTypes.NameIdentifier, key.Id), new(ClaimTypes.Role, AccessRoles.NameOf(key.Role))];
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(claims, Scheme.Name)), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // One answer to all keys that do not fit: which part of one is right is nobody's business.
        var (challenge, detail) = Presented() is null
            ? (Challenge, "Send a key as the header Authorization: Bearer KEY.")
            : ($"{Challenge}, error=\"invalid_token\"", "The key is wrong or revoked.");
        Response.Headers.WWWAuthenticate = challenge;
        return HttpProblem.Of(StatusCodes.Status401Unauthorized, detail).WriteAsync(Context, retryAfter: null);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var role = Context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy ?? AccessPolicies.Admin;
        return HttpProblem.Of(StatusCodes.Status403Forbidden, LacksRole(role)).WriteAsync(Context, retryAfter: null);
    }

    /// <summary>What is said to a key that has not the role which something takes.</summary>
    internal static string LacksRole(string role) => $"This takes a key of the role {role}; the key that was sent has not so many rights.";

    private string? Presented()
    {
        var header = Request.Headers[HeaderNames.Authorization].ToString();
        return header.StartsWith($"{SchemeName} ", StringComparison.OrdinalIgnoreCase) ? header[(SchemeName.Length + 1)..].Trim() : null;
    }
}
