namespace ScheduleSearch.Api.Storage.Tables;

/// <summary>The form of a schedule's id: a SHA-256 in lower-case hex digits.</summary>
internal static class ScheduleId
{
    public const int Length = 64;

    public static bool IsOne(string text) => text.Length == Length && text.All(char.IsAsciiHexDigitLower);
}
