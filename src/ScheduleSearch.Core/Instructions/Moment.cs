namespace ScheduleSearch.Core.Instructions;

/// <summary>A place in the global order: by time, then by the position of the operation that it belongs to.</summary>
/// <param name="Time">When it is, in ticks.</param>
/// <param name="Position">Where the operation that it waits for stands in an order that respects lanes and dependencies.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Operation">The operation that starts, whose result travels, or whose stage's gradients are complete.</param>
internal readonly record struct Moment(long Time, int Position, MomentKind Kind, int Operation) : IComparable<Moment>
{
    public int CompareTo(Moment other)
    {
        var order = Time.CompareTo(other.Time);
        if (order == 0) order = Position.CompareTo(other.Position);
        return order == 0 ? Kind.CompareTo(other.Kind) : order;
    }
}
