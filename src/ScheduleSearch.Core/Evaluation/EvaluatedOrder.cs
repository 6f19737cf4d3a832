namespace ScheduleSearch.Core.Evaluation;

/// <summary>An order with what its replays took.</summary>
/// <param name="Name">The family or search method that it is of.</param>
/// <param name="Planned">Its makespan or span at the profile's durations, in ticks.</param>
/// <param name="Lengths">What each replay took, in ticks.</param>
/// <param name="Distribution">The same in a few numbers.</param>
public sealed record EvaluatedOrder(string Name, long Planned, double[] Lengths, Distribution Distribution)
{
    /// <summary>The share of replays in which this order takes longer than another does with the same durations.</summary>
    public double ShareSlowerThan(EvaluatedOrder other)
    {
        var slower = 0;
        for (var replay = 0; replay < Lengths.Length; replay++) slower += Lengths[replay] > other.Lengths[replay] ? 1 : 0;
        return (double)slower / Lengths.Length;
    }
}
