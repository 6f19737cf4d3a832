using ScheduleSearch.Core.Features;

namespace ScheduleSearch.Core.Profiles;

/// <summary>A feature that changes what a microbatch costs on a stage: the problem adds it up, so that bounds ask what holds and name no feature.</summary>
public interface ICostedFeature : IFeature
{
    /// <summary>Ticks by which a forward of a stage of a pipe may be shorter on its device than it states, at most. Without effect: 0.</summary>
    long SavedOfForward(Problem problem, int pipe, int stage) => 0;

    /// <summary>Ticks of work of one microbatch on a stage beyond its forward and both gradients, in every schedule. Without effect: 0.</summary>
    long AddedWork(Problem problem, int stage) => 0;

    /// <summary>Ticks of the added work of a microbatch on a device that waits for no forward. Without effect: 0.</summary>
    long EarlyWork(Problem problem, int device) => 0;

    /// <summary>Ticks of it that wait for the last stage's forward on the microbatch and that its backward there waits for. Without effect: 0.</summary>
    long WorkAtTurn(Problem problem, int device) => 0;

    /// <summary>
    /// Ticks of it that wait for the last stage's forward on the microbatch and that nothing waits for. Once its backwards are done, they hold what
    /// <see cref="HeldAtTurn"/> says. Without effect: 0.
    /// </summary>
    long LateWork(Problem problem, int device) => 0;

    /// <summary>Ticks from the end of the last stage's forward on a microbatch to the start of its backward there, at least. Without effect: 0.</summary>
    long TurnDelay(Problem problem) => 0;

    /// <summary>Memory units that a microbatch holds on a stage beside its activation, while the activation is held. Without effect: 0.</summary>
    long HeldBesideActivation(Problem problem, int stage) => 0;

    /// <summary>
    /// Memory units that a microbatch holds on a device, whatever its pipe, between its last forward and its first backward beside what its forwards leave
    /// there. Without effect: 0.
    /// </summary>
    long HeldAtTurn(Problem problem, int device) => 0;

    /// <summary>The times of a profile's stages with what the feature puts on them, one number or one for each. Without effect: as they are.</summary>
    OperationTimes TimesOf(Profile profile, OperationTimes times) => times;

    /// <summary>
    /// Memory units by which what a microbatch holds on a stage while its backwards run exceeds its activation and what is held beside that. Without
    /// effect: 0.
    /// </summary>
    long HeldBeyondActivation(Problem problem, int stage) => 0;

    /// <summary>Memory units of what a microbatch holds on a stage that are free again before all of it is taken, in every order. Without effect: 0.</summary>
    long NeverHeldAtOnce(Problem problem, int stage) => 0;

    /// <summary>Memory units of an activation that need not be held from the end of its forward to the beginning of its backward. Without effect: 0.</summary>
    long DroppedAfterForward(Problem problem, int stage) => 0;

    /// <summary>
    /// Ticks of the added work on a stage that gets that memory back, with all of it held while the work runs and from then on, and that the backward waits
    /// for. Without effect: 0.
    /// </summary>
    long RegainWork(Problem problem, int stage) => 0;
}
