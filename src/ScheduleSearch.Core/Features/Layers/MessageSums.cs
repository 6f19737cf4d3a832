namespace ScheduleSearch.Core.Features.Layers;

/// <summary>
/// The least ticks that the messages of one microbatch take to a stage from the first, and those of its gradients back, over all ways to cut the layers before
/// it that leave no stage empty: by the first layer of the stage. <see cref="long.MaxValue"/> where there is no way.
/// </summary>
internal sealed class MessageSums
{
    private MessageSums(long[] up, long[] down) => (Up, Down) = (up, down);

    /// <summary>Ticks to the stage.</summary>
    public long[] Up { get; }

    /// <summary>Ticks back from it; gradients that a frozen stage is not sent are none.</summary>
    public long[] Down { get; }

    /// <summary>Those of the first stage, which begins with the first layer.</summary>
    public static MessageSums OfFirst(int layers)
    {
        var none = new long[layers + 1];
        Array.Fill(none, long.MaxValue);
        none[0] = 0;
        return new(none, none);
    }

    /// <summary>Those of the next stage.</summary>
    /// <param name="ticks">The messages.</param>
    /// <param name="stage">The next stage, from 1 on.</param>
    public MessageSums Next(LayerTicks ticks, int stage)
    {
        var (up, down) = (new long[Up.Length], new long[Up.Length]);
        up[0] = down[0] = long.MaxValue;
        var (leastUp, leastDown) = (long.MaxValue, long.MaxValue);
        for (var begin = 1; begin < up.Length; begin++)
        {
            (leastUp, leastDown) = (Math.Min(leastUp, Up[begin - 1]), Math.Min(leastDown, Down[begin - 1]));
            if (leastUp == long.MaxValue)
            {
                up[begin] = down[begin] = long.MaxValue;
                continue;
            }

            (up[begin], down[begin]) = (leastUp + ticks.Up(stage, begin), leastDown + ticks.Down(stage, begin));
        }

        return new(up, down);
    }
}
