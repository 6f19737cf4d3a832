using ScheduleSearch.Core.Features;

namespace ScheduleSearch.Core.Profiles;

/// <summary>A feature that changes what a microbatch costs on a stage: the problem adds it up, so that bounds ask what holds and name no feature.</summary>
public interface ICostedFeature : IFeature
{
    /// <summary>Ticks by which a forward of a stage of a pipe may be shorter on its device than it states, at most. Without effect: 0.</summary>
    long SavedOfForward(Problem problem, int pipe, int stage) => 0;

    /// <summary>Ticks of work of one microbatch on a stage beyond its forward and both gradients, in every schedule. Without effect: 0.</summary>
    long AddedWork(Problem problem, int stage) => 0;

    /// <summary>Whether a device may have work before the first forward that reaches it. Without effect: no.</summary>
    bool WorksBeforeForwards(Problem problem) => false;

    /// <summary>Whether a device may have work left after its last backward, however backwards are split. Without effect: no.</summary>
    bool WorksAfterBackwards(Problem problem) => false;

    /// <summary>Memory units that a microbatch holds on a stage beside its activation, while the activation is held. Without effect: 0.</summary>
    long HeldBesideActivation(Problem problem, int stage) => 0;

    /// <summary>
    /// Memory units that a microbatch holds on a device, whatever its pipe, between its last forward and its first backward beside what its forwards leave
    /// there. Without effect: 0.
    /// </summary>
    long HeldAtTurn(Problem problem, int device) => 0;

    /// <summary>The times of a profile's stages with what the feature puts on them, one number or one for each. Without effect: as they are.</summary>
    OperationTimes TimesOf(Profile profile, OperationTimes times) => times;

    /// <summary>Memory units of an activation that need not be held from the end of its forward to the beginning of its backward. Without effect: 0.</summary>
    long DroppedAfterForward(Problem problem, int stage) => 0;
}
