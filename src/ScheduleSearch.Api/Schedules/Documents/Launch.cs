using ScheduleSearch.Api.Schedules.Answers;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Schedules.Documents;

/// <summary>How the runtime that a request names runs the schedule that it is answered with.</summary>
internal static class Launch
{
    /// <summary>What the runtime takes; null when the options name none.</summary>
    public static async Task<LaunchAnswer?> OfAsync(ScheduleView view, SolveOptions options, ScheduleCache cache, CancellationToken cancellation)
    {
        if (CarriedChoice.RuntimeOf(options) is not { } runtime) return null;
        var format = InstructionFormatCatalogue.Find(runtime.Formats[0])!;
        var query = QueryString.Create("format", format.Name);
        // What a search that goes on has found is kept for nobody.
        if (view is { Stored.IsUnfinished: false, Shown.Revision: { } revision }) query = query.Add("revision", revision);
        var path = $"/schedules/{view.Stored.Id}";
        var answer = new LaunchAnswer(runtime.Name, format.Name, $"{path}/instructions{query}", $"{path}/runtime{query}");
        if (view.Shown is not { Result.Order: not null } shown) return answer;
        if (await cache.RefusalOfAsync(shown, format, cancellation) is { } refusal)
            return answer with { Refused = $"{refusal.Member}: {refusal.Reason} {refusal.Fix}" };
        var settings = format.SettingsFor((await cache.SolutionOfAsync(shown, cancellation))!.Timeline);
        return answer with { Settings = new OrderedDictionary<string, string>(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value))) };
    }
}
