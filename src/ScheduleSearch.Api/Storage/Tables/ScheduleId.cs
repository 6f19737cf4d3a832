namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>The form of a schedule's id: a SHA-256 in lower-case hex digits, of which the first do where they are no other's.</summary>
internal static class ScheduleId
{
    public const int Length = 64;

    /// <summary>The fewest digits that stand for an id.</summary>
    public const int LeastLength = 8;

    public static bool IsOne(string text) => text.Length == Length && IsHex(text);

    /// <summary>Whether a text may stand for an id that begins with it.</summary>
    public static bool IsBeginning(string text) => text.Length is >= LeastLength and < Length && IsHex(text);

    /// <summary>Whether a text is nothing but the digits of ids.</summary>
    public static bool IsHex(string text) => text.All(char.IsAsciiHexDigitLower);
}
