using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Schedules;

/// <summary>
/// What a part of the problem demands of schedules, derived from the profile alone: rules share no code with the operation graph, its builder, replay
/// or search. The rules of the stages come first, then those of each feature, and all of them hold together.
/// </summary>
public abstract class ScheduleRules
{
    /// <summary>Whether an operation of a kind that these rules bring exists in the problem; its pipe and stage are within range, and
    /// where it is of a microbatch that and its slice.</summary>
    public virtual bool Has(Operation operation) => false;

    /// <summary>Reports what is wrong with an operation of the schedule whatever its times: what stands beside it, or that it is ruled out.</summary>
    public virtual void CheckPlace(VerifiedSchedule schedule, in PlacedOperation placed)
    {
    }

    /// <summary>Reports what is missing or too much on a stage for a slice of a microbatch.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="cell">Any operation of the stage, on the slice and in the pipe.</param>
    public virtual void CheckComplete(VerifiedSchedule schedule, Operation cell)
    {
    }

    /// <summary>Reports what of no microbatch is missing in a schedule.</summary>
    public virtual void CheckAllComplete(VerifiedSchedule schedule)
    {
    }

    /// <summary>Ticks that an operation takes; null for kinds of other rules. Later rules overrule earlier ones.</summary>
    public virtual long? DurationOf(VerifiedSchedule schedule, in PlacedOperation placed) => null;

    /// <summary>Ticks that an operation takes where the rules together say so many. Each rule is handed what those before it make of it.</summary>
    public virtual long TimeOf(Operation operation, long ticks) => ticks;

    /// <summary>
    /// Memory units that an operation takes or frees where the rules together say so many. Each rule is handed what those before it make of it.
    /// </summary>
    public virtual long MemoryOf(Operation operation, long units) => units;

    /// <summary>The tick at which all that an operation needs must be there: its start, unless it starts with another.</summary>
    public virtual long BeginOf(VerifiedSchedule schedule, in PlacedOperation placed, long begin) => begin;

    /// <summary>Checks what an operation cannot start without, by <see cref="VerifiedSchedule.CheckNeed"/>.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="placed">The operation.</param>
    /// <param name="begin">The tick at which all that it needs must be there: see <see cref="BeginOf"/>.</param>
    public virtual void CheckNeeds(VerifiedSchedule schedule, in PlacedOperation placed, long begin)
    {
    }

    /// <summary>The tick at which what a port hands over is there for its reader. Each rule is handed what those before it say.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="port">What is handed over.</param>
    /// <param name="maker">An operation of the stage that makes it, on the same slice and pipe as the reader.</param>
    /// <param name="reader">The operation that reads it.</param>
    /// <param name="ready">When it would be there by the rules before this one.</param>
    public virtual long ReadyOf(VerifiedSchedule schedule, Port port, Operation maker, Operation reader, long ready) => ready;

    /// <summary>The lane that carries out an operation of a kind that these rules bring; null for the compute lane.</summary>
    public virtual Lane? LaneOf(Operation operation) => null;

    /// <summary>Memory units that an operation takes on its device when it starts, by these rules; all rules add up.</summary>
    public virtual long TakenBy(Operation operation) => 0;

    /// <summary>Memory units that an operation frees on its device when it ends, by these rules; all rules add up.</summary>
    public virtual long FreedBy(Operation operation) => 0;
}
