namespace ScheduleSearch.Core.Estimates.Ranks;

/// <summary>Bytes in larger units.</summary>
internal static class Bytes
{
    private const decimal InGiB = 1L << 30;

    /// <summary>GiB of some bytes, rounded.</summary>
    public static decimal ToGiB(double bytes, int decimals) => decimal.Round((decimal)(bytes / (double)InGiB), decimals);

    /// <summary>GiB of some bytes, rounded.</summary>
    public static decimal ToGiB(decimal bytes, int decimals) => decimal.Round(bytes / InGiB, decimals);
}
