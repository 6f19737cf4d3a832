namespace ScheduleSearch.Core.Profiles;

/// <summary>What is said of units that are written otherwise than here.</summary>
internal static class UnitWords
{
    /// <summary>Explains a unit of memory that counts in powers of ten, or may.</summary>
    public static string? ExplainMemory(string text) => text.ToUpperInvariant() switch
    {
        "KB" or "K" => OfTwo("KiB", "1024 bytes", text, "0.977"),
        "MB" or "M" => OfTwo("MiB", "1024 KiB", text, "0.954"),
        "GB" or "G" => OfTwo("GiB", "1024 MiB", text, "0.931"),
        "TB" or "TIB" or "T" => "Units are powers of two: write GiB, and 1024 for each TiB, or 931.3 for each TB of 10^12 bytes.",
        "BYTE" or "BYTES" => "Write B.",
        _ => null,
    };

    /// <summary>Explains a unit of time that has another word here.</summary>
    public static string? ExplainTime(string text) => text.ToLowerInvariant() switch
    {
        "\u00b5s" or "\u03bcs" or "usec" or "microsecond" or "microseconds" => "Write us for microseconds.",
        "msec" or "millisecond" or "milliseconds" => "Write ms for milliseconds.",
        "sec" or "secs" or "second" or "seconds" => "Write s for seconds.",
        "ns" or "nsec" or "nanosecond" or "nanoseconds" => "Write us, and 0.001 for each nanosecond.",
        _ => null,
    };

    private static string OfTwo(string unit, string meaning, string text, string share) =>
        $"Units are powers of two: write {unit} where {meaning} are meant, as most tools mean by {text}; where a power of ten is, multiply by {share}.";
}
