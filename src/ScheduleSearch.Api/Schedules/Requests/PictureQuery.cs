using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Core.Instructions.Pictures;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>What a picture is asked to show, as the query states it.</summary>
/// <param name="Revision">The name of the schedule.</param>
/// <param name="Width">Pixels of the whole picture.</param>
/// <param name="From">The time at the left end.</param>
/// <param name="To">The time at the right end.</param>
/// <param name="Ranks">The ranks that have a row.</param>
/// <param name="Memory">Whether memory is drawn.</param>
/// <param name="Name">Its title.</param>
internal sealed record PictureQuery(
    [FromQuery(Name = "revision")] string? Revision,
    [FromQuery(Name = "width")] string? Width,
    [FromQuery(Name = "from")] string? From,
    [FromQuery(Name = "to")] string? To,
    [FromQuery(Name = "ranks")] string? Ranks,
    [FromQuery(Name = "memory")] string? Memory,
    [FromQuery(Name = "name")] string? Name = null)
{
    /// <summary>All of the present schedule.</summary>
    public static PictureQuery Whole { get; } = new(null, null, null, null, null, null);

    /// <summary>How many times the makespan the end of the axis may be.</summary>
    public const int MostMakespans = 100;

    /// <summary>What is shown of a schedule.</summary>
    /// <exception cref="RequestFault">400: a parameter is not what the schedule allows.</exception>
    public PictureView ViewOf(Timeline timeline)
    {
        var (from, to) = Times(timeline);
        return new PictureView
        {
            Width = Pixels(),
            From = from,
            To = to,
            Ranks = RankRanges.Parse("ranks", Ranks, timeline.Schedule.Problem.Devices),
            ShowsMemory = ShowsMemory(timeline),
        };
    }

    private int? Pixels()
    {
        if (Width is null) return null;
        return int.TryParse(Width, NumberStyles.None, CultureInfo.InvariantCulture, out var pixels)
            && pixels is >= PictureView.LeastWidth and <= PictureView.MostWidth
                ? pixels
                : throw RequestFault.BadParameter("width", $"Must be a whole number of pixels from {PictureView.LeastWidth} to {PictureView.MostWidth}.");
    }

    private (decimal From, decimal? To) Times(Timeline timeline)
    {
        var problem = timeline.Schedule.Problem;
        var (scale, unit) = (problem.TimeScale, problem.Profile.Times.Unit);
        var (end, tick) = (scale.FromTicks(ScheduleMetrics.Of(timeline).Makespan), scale.FromTicks(1));
        var from = 0m;
        if (From is not null && !(IsTime(From, out from) && from < end))
            throw Fault("from", $"Must be a time in {unit}, from 0 to below the makespan of {end}.");
        if (To is null) return (from, null);
        return IsTime(To, out var to) && to >= from + tick && to <= end * MostMakespans
            ? (from, to)
            : throw Fault("to", $"Must be a time in {unit}, from {from + tick} (the least after from) to {end * MostMakespans}; left out, it is the end.");
    }

    private bool ShowsMemory(Timeline timeline) => Memory switch
    {
        null or "false" => false,
        "true" when timeline.Graph.Holdings.IsEmpty => throw RequestFault.BadParameter(
            "memory", "Leave it out: the profile of this schedule has no memory.activation, so that no memory is known."),
        "true" => true,
        _ => throw RequestFault.BadParameter("memory", "Must be true or false."),
    };

    private static bool IsTime(string text, out decimal time) => decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out time);

    private static RequestFault Fault(string name, FormattableString message) =>
        RequestFault.BadParameter(name, message.ToString(CultureInfo.InvariantCulture));
}
