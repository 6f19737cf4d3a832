using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Evaluation;

/// <summary>Finds what of a request does not go with the problem whose schedules are to be replayed.</summary>
public static class EvaluationCheck
{
    /// <summary>The faults, each at its member; empty when there are none.</summary>
    public static IReadOnlyList<ProfileError> Of(Problem problem, EvaluationRequest request) => [.. NoiseCheck.Of(problem, request.Noise, "$.noise")];

    /// <summary>The fault of more replays than are taken; null when there are no more.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="operations">The operations of all orders together.</param>
    /// <param name="most">The most operations of all replays together.</param>
    public static ProfileError? OfWork(EvaluationRequest request, long operations, long most) => request.Replays * operations <= most
        ? null
        : new ProfileError(
            "$.replays",
            $"Is {request.Replays}, of {operations} operations each; this server replays at most {most} operations: ask for at most "
                + $"{most / operations} replays{(request.Families ? ", or for no families" : "")}.",
            ProfileErrorKind.Impossible);
}
