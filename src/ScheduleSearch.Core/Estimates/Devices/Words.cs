namespace ScheduleSearch.Core.Estimates.Devices;

/// <summary>What requests call the values of an enumeration: in lower case, words joined by hyphens.</summary>
public static class Words
{
    /// <summary>The word of a value.</summary>
    /// <typeparam name="T">The enumeration.</typeparam>
    public static string Of<T>(T value)
        where T : struct, Enum =>
        string.Concat(value.ToString().Select((letter, place) => (char.IsUpper(letter) && place > 0 ? "-" : "") + char.ToLowerInvariant(letter)));

    /// <summary>The words of all values, in order.</summary>
    /// <typeparam name="T">The enumeration.</typeparam>
    public static IEnumerable<string> All<T>()
        where T : struct, Enum =>
        Enum.GetValues<T>().Select(Of);
}
