using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ScheduleSearch.Api.Storage;

/// <summary>
/// The name of a schedule, from what it is: the same order of the same problem has the same name on every server, however often a row was searched,
/// lost or moved.
/// </summary>
internal static class ScheduleRevision
{
    /// <summary>The hex digits of a name.</summary>
    public const int Length = 2 * sizeof(ulong);

    /// <summary>The name of an order.</summary>
    /// <param name="problem">The id of the problem.</param>
    /// <param name="order">The order of each device, as rows hold it.</param>
    public static string Of(string problem, byte[] order)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(problem));
        hash.AppendData(order);
        return BinaryPrimitives.ReadUInt64BigEndian(hash.GetHashAndReset()).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Whether a text has the form of a name.</summary>
    public static bool IsOne(string text) => text.Length == Length && text.All(char.IsAsciiHexDigitLower);
}
