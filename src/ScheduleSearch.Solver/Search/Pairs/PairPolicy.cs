namespace ScheduleSearch.Solver.Search.Pairs;

/// <summary>How a <see cref="PairScheduler"/> decides.</summary>
/// <param name="InFlight">Most microbatches of a pipe between their forward and their backward, by stage.</param>
/// <param name="ForwardBias">What is added to the turn of a stage's forwards, of which the least goes first.</param>
/// <param name="BackwardBias">What is added to the turn of a stage's backwards, of which the least goes first.</param>
/// <param name="Wait">Ticks that an operation alone waits on each device for one that it could be carried out together with.</param>
/// <param name="SplitsAlone">
/// Whether backwards in no pair are split, where the problem allows it, their weight gradients done when there is nothing else.
/// </param>
/// <param name="LeastGain">Ticks that two save together at least, above 0: those that save less are carried out one after the other.</param>
/// <param name="ForwardsFirst">Whether of those the forward goes first.</param>
internal sealed record PairPolicy(
    int[] InFlight, double[] ForwardBias, double[] BackwardBias, long[] Wait, bool SplitsAlone, long LeastGain = 1, bool ForwardsFirst = false)
{
    /// <summary>The same with arrays of its own.</summary>
    public PairPolicy Copy() =>
        this with { InFlight = [.. InFlight], ForwardBias = [.. ForwardBias], BackwardBias = [.. BackwardBias], Wait = [.. Wait] };
}
