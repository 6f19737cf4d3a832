using ScheduleSearch.Core.Features;

namespace ScheduleSearch.Core.Profiles;

/// <summary>A feature that changes what a microbatch costs on a stage: the problem adds it up, so that bounds ask what holds and name no feature.</summary>
public interface ICostedFeature : IFeature
{
    /// <summary>Ticks by which a forward of a stage of a pipe may be shorter on its device than it states, at most. Without effect: 0.</summary>
    long SavedOfForward(Problem problem, int pipe, int stage) => 0;

    /// <summary>Ticks of work of one microbatch on a stage beyond its forward and both gradients, in every schedule. Without effect: 0.</summary>
    long AddedWork(Problem problem, int stage) => 0;

    /// <summary>Memory units that a microbatch holds on a stage beside its activation, while the activation is held. Without effect: 0.</summary>
    long HeldBesideActivation(Problem problem, int stage) => 0;

    /// <summary>
    /// Memory units by which what a microbatch holds on a stage while its backwards run exceeds its activation and what is held beside that. Without
    /// effect: 0.
    /// </summary>
    long HeldBeyondActivation(Problem problem, int stage) => 0;

    /// <summary>Memory units of an activation that need not be held from the end of its forward to the beginning of its backward. Without effect: 0.</summary>
    long DroppedAfterForward(Problem problem, int stage) => 0;
}
