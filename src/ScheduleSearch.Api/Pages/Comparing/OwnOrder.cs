using ScheduleSearch.Api.Pages.Stored;
using ScheduleSearch.Api.Pages.Timeline;
using ScheduleSearch.Api.Schedules.Answers;

namespace ScheduleSearch.Api.Pages.Comparing;

/// <summary>An order of the reader's own that keeps the rules. It is stored nowhere but in the reader's tab.</summary>
public sealed class OwnOrder
{
    private const string Title = "own order";

    private readonly Verification _verification;

    /// <summary>An order that was replayed.</summary>
    /// <param name="verification">What it costs.</param>
    /// <param name="url">Where its timeline is kept in the reader's tab.</param>
    internal OwnOrder(Verification verification, string url) => (_verification, Url) = (verification, url);

    /// <summary>Where its timeline is kept in the reader's tab.</summary>
    public string Url { get; }

    /// <summary>Its timeline.</summary>
    public TimelineSchedule Timeline => new(Url, Title);

    /// <summary>Its figures as those of schedules are shown, in the units of the one whose profile it was replayed with.</summary>
    internal ShownSchedule ShownBeside(ShownSchedule first) => first with
    {
        Title = Title,
        Answer = new ScheduleAnswer
        {
            Id = Url,
            Status = "not stored",
            Objective = _verification.Objective,
            Makespan = _verification.Makespan,
            Span = _verification.Span,
            LowerBound = _verification.LowerBound,
            Gap = _verification.Gap,
            BubbleRatio = _verification.BubbleRatio,
            MeanIdle = _verification.MeanIdle,
            LimitedBy = _verification.LimitedBy,
            PeakMemory = _verification.PeakMemory,
        },
    };
}
