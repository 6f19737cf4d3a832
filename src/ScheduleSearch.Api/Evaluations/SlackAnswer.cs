using ScheduleSearch.Core.Evaluation;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Evaluations;

/// <summary>How much longer operations of a device, or messages of a link, may take at no cost, at the profile's durations and in its own unit.</summary>
/// <param name="Once" example="1.5">One of them, whichever.</param>
/// <param name="Each" example="0.5">Every one of them at the same time.</param>
internal sealed record SlackAnswer(decimal Once, decimal Each)
{
    /// <summary>A slack in the profile's unit.</summary>
    public static SlackAnswer Of(Problem problem, Slack slack) => new(problem.TimeScale.FromTicks(slack.Once), problem.TimeScale.FromTicks(slack.Each));
}
