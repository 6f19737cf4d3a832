using ScheduleSearch.Core.Evaluation;

namespace ScheduleSearch.Api.Evaluations;

/// <summary>A device under durations that vary.</summary>
/// <param name="Device" example="0">The device, from 0.</param>
/// <param name="Share" example="0.4">The share of its operations of the time of the critical paths, in the mean over the replays.</param>
/// <param name="Slack">How much longer its operations may take.</param>
internal sealed record EvaluatedDeviceAnswer(int Device, double Share, SlackAnswer Slack)
{
    /// <summary>A device.</summary>
    public static EvaluatedDeviceAnswer Of(Evaluated evaluated, int device)
    {
        var (graph, share) = (evaluated.Graph, 0.0);
        for (var operation = 0; operation < graph.Count; operation++)
        {
            if (graph.LaneOf[operation] == device) share += evaluated.Shares[operation];
        }

        return new EvaluatedDeviceAnswer(device, share, SlackAnswer.Of(graph.Problem, evaluated.Slack.Devices[device]));
    }
}
