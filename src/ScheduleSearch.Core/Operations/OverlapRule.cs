using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Operations;

/// <summary>
/// Lets the two of an overlapped pair start when both could: the forward, whose duration is the pair's, waits for all that the backward
/// waits for, and the backward, which takes no time of its own, for the forward.
/// </summary>
internal sealed class OverlapRule : IOperationRule
{
    public void Emit(Problem problem, OperationSelection selection, OperationGraphBuilder builder)
    {
        if (selection.Pairs.Count == 0) return;
        var waits = builder.Edges.ToLookup(edge => edge.To);
        foreach (var (first, second) in selection.Pairs)
        {
            if (!builder.Indices.TryGetValue(first, out var forward) || !builder.Indices.TryGetValue(second, out var backward)) continue;
            foreach (var edge in waits[backward]) builder.Edges.Add(edge with { To = forward });
            builder.Edges.Add(new Edge(forward, backward, 0));
        }

        builder.Sort();
    }
}
