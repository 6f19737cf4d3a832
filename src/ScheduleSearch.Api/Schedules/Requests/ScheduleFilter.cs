using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>What a list is asked for, as the query states it.</summary>
/// <param name="Page">The page, from 1. Default 1.</param>
/// <param name="PageSize">Most schedules of a page. Default 20.</param>
/// <param name="Devices">Only those of so many devices.</param>
/// <param name="Chunks">Only those of so many chunks of each device.</param>
/// <param name="Placement">Only those of this placement.</param>
/// <param name="Microbatches">Only those of so many microbatches.</param>
/// <param name="Objective">Only those judged by <c>makespan</c> or by <c>span</c>.</param>
/// <param name="Status">Only those in this state.</param>
/// <param name="Name">Only those with this in the name that the list shows, upper or lower case alike.</param>
/// <param name="Own">Whether to list the orders that were sent to be verified, in the place of all else. Default false.</param>
internal sealed record ScheduleFilter(
    [FromQuery(Name = "page")] string? Page,
    [FromQuery(Name = "pageSize")] string? PageSize,
    [FromQuery(Name = "devices")] string? Devices,
    [FromQuery(Name = "chunks")] string? Chunks,
    [FromQuery(Name = "placement")] string? Placement,
    [FromQuery(Name = "microbatches")] string? Microbatches,
    [FromQuery(Name = "objective")] string? Objective,
    [FromQuery(Name = "status")] string? Status,
    [FromQuery(Name = "name")] string? Name,
    [FromQuery(Name = "own")] string? Own)
{
    /// <summary>The placements that a schedule may have been asked on.</summary>
    public static IReadOnlyList<string> Placements { get; } = [.. PlacementCatalogue.All.Select(placement => placement.Name), PlacementChoice.Name];

    /// <summary>Whether own orders are listed.</summary>
    public static IReadOnlyList<string> Flags { get; } = ["true", "false"];

    /// <summary>What a schedule may be judged by.</summary>
    public static IReadOnlyList<string> Objectives { get; } = [.. Enum.GetValues<Objective>().Select(ProfileJson.NameOf)];

    public int PageFrom1() => Whole("page", Page) ?? 1;

    public int? PageSizeUpTo(int most) => Whole("pageSize", PageSize, most);

    /// <summary>The rows that pass.</summary>
    public IQueryable<ScheduleRow> Of(IQueryable<ScheduleRow> rows)
    {
        var isOwn = OneOf("own", Own, Flags) == "true";
        rows = rows.Where(row => row.IsOwn == isOwn);
        if (Whole("devices", Devices) is { } devices) rows = rows.Where(row => row.Devices == devices);
        if (Whole("chunks", Chunks) is { } chunks) rows = rows.Where(row => row.Chunks == chunks);
        if (Whole("microbatches", Microbatches) is { } microbatches) rows = rows.Where(row => row.Microbatches == microbatches);
        if (OneOf("placement", Placement, Placements) is { } placement) rows = rows.Where(row => row.Placement == placement);
        if (OneOf("objective", Objective, Objectives) is { } objective) rows = rows.Where(row => row.Objective == objective);
        if (OneOf("status", Status, ScheduleStatus.All) is { } status) rows = rows.Where(row => row.Status == status);
        return rows;
    }

    private static int? Whole(string name, string? text, int most = int.MaxValue)
    {
        if (text is null) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : throw RequestFault.BadParameter(name, $"Must be a whole number from 1 to {most}.");
    }

    private static string? OneOf(string name, string? text, IReadOnlyList<string> names) =>
        text is null || names.Contains(text)
            ? text
            : throw RequestFault.BadParameter(name, $"Must be one of {string.Join(", ", names)}.{Spelling.DidYouMean(text, names)}");
}
