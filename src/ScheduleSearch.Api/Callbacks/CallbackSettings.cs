using System.ComponentModel.DataAnnotations;
using System.Net;

namespace ScheduleSearch.Api.Callbacks;

/// <summary>Whom this service calls when searches end, and how often it tries: the section <c>Callbacks</c> of the configuration.</summary>
internal sealed class CallbackSettings : IValidatableObject
{
    /// <summary>
    /// Hosts that may be called: <c>name</c> for the usual port, <c>name:port</c> for another, <c>*.domain</c> for every name below a domain.
    /// None by default: then no request may ask for a callback.
    /// </summary>
    public string[] Hosts { get; init; } = [];

    /// <summary>Networks that may be called although they are not public, such as <c>10.0.0.0/8</c>. None by default.</summary>
    public string[] PrivateNetworks { get; init; } = [];

    /// <summary>Base64 of 24 to 64 bytes each, with or without <c>whsec_</c> before it. Messages are signed with each of them.</summary>
    public string[] Secrets { get; init; } = [];

    /// <summary>How often a message is sent before it is given up.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; init; } = 12;

    /// <summary>Hours after the end of the search at which a message is given up.</summary>
    [Range(0.01, 720)]
    public double MaxAgeHours { get; init; } = 24;

    /// <summary>Seconds until an attempt that has no answer has failed.</summary>
    [Range(0.1, 60)]
    public double TimeoutSeconds { get; init; } = 10;

    /// <summary>Seconds before the second attempt; each further pause is twice as long.</summary>
    [Range(0.01, 3600)]
    public double FirstPauseSeconds { get; init; } = 5;

    /// <summary>Seconds of the longest pause between two attempts.</summary>
    [Range(0.01, 86_400)]
    public double LongestPauseSeconds { get; init; } = 3600;

    /// <summary>Messages that are not delivered yet, beyond which a request for another is answered 429.</summary>
    [Range(1, 1_000_000)]
    public int MaxUndelivered { get; init; } = 10_000;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var host in Hosts.Where(host => AllowedHost.TryParse(host) is null))
            yield return new($"Callbacks:Hosts: '{host}' is not a host, host:port or *.domain.", [nameof(Hosts)]);
        foreach (var network in PrivateNetworks.Where(network => !IPNetwork.TryParse(network, out _)))
            yield return new($"Callbacks:PrivateNetworks: '{network}' is not a network such as 10.0.0.0/8.", [nameof(PrivateNetworks)]);
        if (Secrets.Any(secret => CallbackSignature.KeyOf(secret) is null))
            yield return new("Callbacks:Secrets: each must be Base64 of 24 to 64 bytes, such as `openssl rand -base64 32` makes.", [nameof(Secrets)]);
        if (Hosts.Length > 0 && Secrets.Length == 0)
            yield return new("Callbacks:Secrets: callbacks are signed, so that allowed hosts need a secret.", [nameof(Secrets)]);
    }
}
