using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ScheduleSearch.Api.Access;

/// <summary>
/// The text of a key: <c>ss_</c>, a public id of 16 hex digits by which it is looked up and named, <c>_</c>, and 256 random bits in base64url.
/// Nothing that is stored leads back to the bits: a plain SHA-256 is enough, for what nobody can guess at any speed needs no slow hash, which would only
/// let strangers keep the service busy.
/// </summary>
internal static class ApiKey
{
    public const int IdLength = 16;
    public const int HashLength = SHA256.HashSizeInBytes;
    private const string Prefix = "ss_";
    private const int SecretBytes = 32;

    /// <summary>Draws a key.</summary>
    /// <returns>Its id and its text, which is not kept anywhere.</returns>
    public static (string Id, string Text) Create()
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdLength / 2));
        return (id, $"{Prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}");
    }

    /// <summary>The id that a text names, whether there is such a key or not; empty when the text has not even the form of a key.</summary>
    public static string IdOf(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length > Prefix.Length + IdLength && text[Prefix.Length + IdLength] == '_'
            ? text.Substring(Prefix.Length, IdLength)
            : "";

    /// <summary>Whether a text has the form of an id.</summary>
    public static bool IsId(string? text) => text?.Length == IdLength && text.All(char.IsAsciiHexDigitLower);

    /// <summary>What is stored of a text.</summary>
    public static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
