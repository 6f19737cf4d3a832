using ScheduleSearch.Core.Evaluation;

namespace ScheduleSearch.Api.Evaluations;

/// <summary>A link under durations that vary.</summary>
/// <param name="From" example="0">The device that sends.</param>
/// <param name="To" example="1">The device that receives.</param>
/// <param name="Critical" example="0.2">The share of replays in which a message on it is critical.</param>
/// <param name="Share" example="0.01">The share of its messages of the time of the critical paths, in the mean over the replays.</param>
/// <param name="Slack">How much longer its messages may take.</param>
internal sealed record EvaluatedLinkAnswer(int From, int To, double Critical, double Share, SlackAnswer Slack)
{
    /// <summary>A link, by number.</summary>
    public static EvaluatedLinkAnswer Of(Evaluated evaluated, int link)
    {
        var (from, to) = evaluated.Links[link];
        return new EvaluatedLinkAnswer(
            from, to, evaluated.LinksCritical[link], evaluated.LinkShares[link], SlackAnswer.Of(evaluated.Graph.Problem, evaluated.Slack.Links[link]));
    }
}
