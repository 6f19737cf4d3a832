namespace ScheduleSearch.Api.Callbacks;

/// <summary>A host that may be called.</summary>
/// <param name="Name">Its name in lower case, or the domain that the names of hosts end with, from its point on.</param>
/// <param name="Port">The port; null for that of the URL's scheme.</param>
/// <param name="IsDomain">Whether every host below the domain is meant.</param>
internal sealed record AllowedHost(string Name, int? Port, bool IsDomain)
{
    private const string Below = "*.";

    /// <summary>A host as settings state it; null when it is none.</summary>
    public static AllowedHost? TryParse(string text)
    {
        var isDomain = text.StartsWith(Below, StringComparison.Ordinal);
        var rest = isDomain ? text[Below.Length..] : text;
        if (!Uri.TryCreate($"tcp://{rest}/", UriKind.Absolute, out var uri) || uri.Authority.Length != rest.Length || uri.UserInfo.Length > 0
            || Uri.CheckHostName(uri.Host) == UriHostNameType.Unknown) return null;
        var name = uri.IdnHost.ToLowerInvariant();
        return new AllowedHost(isDomain ? $".{name}" : name, uri.Port < 0 ? null : uri.Port, isDomain);
    }

    /// <summary>Whether a URL is on this host.</summary>
    public bool Admits(Uri url)
    {
        var name = url.IdnHost.ToLowerInvariant();
        return (Port is { } port ? url.Port == port : url.IsDefaultPort)
            && (IsDomain ? name.EndsWith(Name, StringComparison.Ordinal) && name.Length > Name.Length : name == Name);
    }
}
