using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace ScheduleSearch.Api.Pages.Timeline;

/// <summary>What is shown of timelines, as it stands in the URL of their page.</summary>
/// <param name="From">Where the visible range begins, in the unit of the first schedule; null where all is visible.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Microbatch">The microbatch whose way is shown; null for none.</param>
/// <param name="Memory">Whether the memory of each rank is shown.</param>
/// <param name="Critical">Whether the critical path is shown.</param>
/// <param name="Idle">What idle time is coloured by: one of <see cref="IdleModes"/>.</param>
public sealed record TimelineState(double? From, double? To, int? Microbatch, bool Memory, bool Critical, string Idle)
{
    private const string FromName = "begin";
    private const string ToName = "end";
    private const string MicrobatchName = "microbatch";
    private const string MemoryName = "memory";
    private const string CriticalName = "critical";
    private const string IdleName = "idle";

    /// <summary>What idle time may be coloured by: nothing, its phase, or what it is for.</summary>
    public static IReadOnlyList<string> IdleModes { get; } = ["off", "phase", "cause"];

    /// <summary>The state that a URL asks for. What it does not say, or wrongly, is as at first.</summary>
    /// <param name="uri">An absolute URL.</param>
    public static TimelineState Of(string uri)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        var (from, to) = (Number(FromName), Number(ToName));
        var isRange = from < to;
        return new TimelineState(
            isRange ? from : null,
            isRange ? to : null,
            int.TryParse(Text(MicrobatchName), NumberStyles.None, CultureInfo.InvariantCulture, out var microbatch) ? microbatch : null,
            Text(MemoryName) == "true",
            Text(CriticalName) == "true",
            IdleModes.Contains(Text(IdleName)) ? Text(IdleName) : IdleModes[0]);

        string Text(string name) => query.TryGetValue(name, out var values) ? values.ToString() : "";

        double? Number(string name) =>
            double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
    }

    /// <summary>The present URL with this state in it, and all else that it says.</summary>
    public string UriIn(NavigationManager navigation) => navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
    {
        [FromName] = From,
        [ToName] = To,
        [MicrobatchName] = Microbatch,
        [MemoryName] = Memory ? "true" : null,
        [CriticalName] = Critical ? "true" : null,
        [IdleName] = Idle == IdleModes[0] ? null : Idle,
    });
}
