using System.Globalization;

namespace ScheduleSearch.Core.Schedules;

/// <summary>Shares as people read them.</summary>
internal static class Percent
{
    /// <summary>A share in percent, rounded up where else it would read as none.</summary>
    public static string Of(double share)
    {
        var percent = double.IsFinite(share) ? 100 * share : 0;
        return percent is > 0 and < 0.05 ? "below 0.1 %" : string.Create(CultureInfo.InvariantCulture, $"{percent:0.0} %");
    }
}
