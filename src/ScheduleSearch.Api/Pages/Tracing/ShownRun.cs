using System.Text.Json;
using ScheduleSearch.Api.Traces;
using ScheduleSearch.Core.Traces.Runs;

namespace ScheduleSearch.Api.Pages.Tracing;

/// <summary>A recorded run as pages show it.</summary>
public sealed class ShownRun
{
    private const int MostRanks = 32;

    internal ShownRun(ImportAnswer imported)
    {
        Imported = imported;
        SlowestRanks = [.. imported.Ranks.OrderByDescending(rank => rank.OfRanks).ThenByDescending(rank => rank.OfReplicas).Take(MostRanks)];
    }

    /// <summary>The service's answer; in the place of the timelines that it shows are their URLs in the reader's tab.</summary>
    internal ImportAnswer Imported { get; }

    /// <summary>The ranks of a replica.</summary>
    internal int Ranks => Imported.Profile["pipeline"]!["devices"]!.GetValue<int>();

    /// <summary>The stages.</summary>
    internal int Stages => Imported.Durations.Max(one => one.Stage) + 1;

    /// <summary>The ranks that compute longest, in order.</summary>
    internal IReadOnlyList<RankStatistics> SlowestRanks { get; }

    /// <summary>The URLs of the timelines, with what each is called.</summary>
    internal IEnumerable<(string Url, string Label)> Timelines => Imported.Shown is not { } shown ? [] :
    [
        (Url(shown.Recorded), "recorded"),
        (Url(shown.Replayed), "its order replayed with its own durations"),
        (Url(shown.Medians), "its order replayed with the medians"),
    ];

    private static string Url(JsonElement kept) => kept.GetString()!;
}
