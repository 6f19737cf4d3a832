using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ScheduleSearch.Api.Callbacks;

/// <summary>
/// Signs messages as the Standard Webhooks specification has it (https://www.standardwebhooks.com): HMAC-SHA256 over id, time and body, so that whoever
/// knows the secret can tell a message of this service from another's and an old one from a new one.
/// </summary>
internal static class CallbackSignature
{
    private const string Prefix = "whsec_";
    private const int LeastBytes = 24;
    private const int MostBytes = 64;

    /// <summary>The key of a secret; null when the secret is not Base64 of 24 to 64 bytes.</summary>
    public static byte[]? KeyOf(string secret)
    {
        var text = secret.StartsWith(Prefix, StringComparison.Ordinal) ? secret[Prefix.Length..] : secret;
        if (!Base64.IsValid(text)) return null;
        var key = Convert.FromBase64String(text);
        return key.Length is >= LeastBytes and <= MostBytes ? key : null;
    }

    /// <summary>The value of the header <c>webhook-signature</c>: one signature for each key, parted by spaces.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="id">The id of the message.</param>
    /// <param name="seconds">The time of this attempt, in seconds since 1970.</param>
    /// <param name="body">The body as it is sent.</param>
    public static string Of(IEnumerable<byte[]> keys, string id, long seconds, string body)
    {
        var signed = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{seconds}.{body}"));
        return string.Join(' ', keys.Select(key => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}"));
    }
}
