using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Schedules;

/// <summary>An order in which operations wait for each other in a circle.</summary>
public sealed class DeadlockException : Exception
{
    private const int MostNamed = 8;

    /// <summary>Names the operations of the circle.</summary>
    /// <param name="circle">Each operation waits for the next one, by a dependency or by the order of its lane, and the last one for the first.</param>
    public DeadlockException(IReadOnlyList<Operation> circle)
        : base($"The order deadlocks: the {circle[0]} waits for the {string.Join(", which waits for the ", Named(circle))}, which waits for the first.") =>
        Operation = circle[0];

    /// <summary>An operation of the circle.</summary>
    public Operation Operation { get; }

    private static IEnumerable<string> Named(IReadOnlyList<Operation> circle)
    {
        var others = circle.Skip(1).Select(operation => operation.ToString());
        return circle.Count <= MostNamed ? others : [.. others.Take(MostNamed - 2), $"{circle[^1]} over {circle.Count - MostNamed} others"];
    }
}
