namespace ScheduleSearch.Core.Evaluation;

/// <summary>Starts and ends of the operations of an order in the replays of a block, in ticks: by place, a number for each replay.</summary>
internal sealed class ReplayTimes(int operations)
{
    private readonly double[] _starts = new double[operations * NoiseBlock.Width];
    private readonly double[] _ends = new double[operations * NoiseBlock.Width];

    /// <summary>The starts.</summary>
    public Span<double> Starts => _starts;

    /// <summary>The ends.</summary>
    public Span<double> Ends => _ends;

    /// <summary>The start of an operation in a replay.</summary>
    public double StartOf(int place, int lane) => _starts[place * NoiseBlock.Width + lane];

    /// <summary>The end of an operation in a replay.</summary>
    public double EndOf(int place, int lane) => _ends[place * NoiseBlock.Width + lane];
}
