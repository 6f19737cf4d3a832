using Microsoft.Extensions.Options;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Callbacks;

/// <summary>Reads whom a request wants to be told, and says whether the settings allow it.</summary>
internal sealed class CallbackPolicy(IOptions<CallbackSettings> settings)
{
    private const int LongestUrl = 2048;
    private const int LongestReference = 200;

    private readonly AllowedHost[] _hosts = [.. settings.Value.Hosts.Select(host => AllowedHost.TryParse(host)!)];

    /// <summary>Whether any host may be called.</summary>
    public bool IsOn => _hosts.Length > 0;

    /// <summary>Reads the member of a request.</summary>
    /// <param name="given">The member.</param>
    /// <param name="path">Its JSON path.</param>
    /// <param name="errors">Where errors are added.</param>
    /// <returns>Null when it cannot be read; errors say why. One that can be read may have errors too.</returns>
    public CallbackRequest? Read(JsonValue given, string path, List<ProfileError> errors)
    {
        var read = given.Members(members =>
        {
            var url = members.Required("url")?.Text(LongestUrl);
            var reference = members.Optional("reference") is { } stated ? stated.Text(LongestReference) : "";
            return url is null || reference is null ? null : new CallbackRequest(url, reference.Length == 0 ? null : reference);
        });
        if (read is not null && Refusal(read.Url) is var (message, kind)) errors.Add(new ProfileError($"{path}.url", message, kind));
        return read;
    }

    private (string Message, ProfileErrorKind Kind)? Refusal(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
            return ("Is not the absolute URL of an http or https address.", ProfileErrorKind.Malformed);
        if (url.UserInfo.Length > 0 || url.Fragment.Length > 0)
            return ("Has a user or a fragment; leave both out: messages are signed instead.", ProfileErrorKind.Malformed);
        if (_hosts.Any(host => host.Admits(url))) return null;
        return (IsOn
            ? "Is not on a host that this server calls; its setting Callbacks:Hosts lists those that it does."
            : "Cannot be called: this server calls no host; its setting Callbacks:Hosts lists those that it may.", ProfileErrorKind.Impossible);
    }
}
