using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Profiles;

/// <summary>What schedules are judged by where durations vary: a statistic of the objective over fixed scenarios.</summary>
/// <param name="Noise">What durations do.</param>
/// <param name="Statistic">The statistic.</param>
public sealed record RobustObjective(Noise Noise, Statistic Statistic)
{
    /// <summary>The most measured durations of all lists together that problems hold: they are stored with it.</summary>
    public const int MostSamples = 50_000;

    /// <summary>Adds what it has to the canonical text of a problem.</summary>
    internal void Identify(IdentityText text, int stages)
    {
        text.Line("statistic", Statistic.ToString());
        text.Line("noise.operation", Each(Noise.Operation));
        text.Line("noise.stage", Each(Noise.Stage));
        text.Line("noise.microbatch", IdentityText.Of(Noise.Microbatch));
        text.Line("noise.slowDevices", Noise.SlowDevices.OrderBy(slow => slow.Device).Select(slow => $"{IdentityText.Of(slow.Device)}:{Of(slow.Factor)}"));
        if (Noise.Spikes is { } spikes) text.Line("noise.spikes", [Of(spikes.Probability), IdentityText.Of(spikes.Size)]);
        foreach (var (name, lists) in Noise.Samples?.Members() ?? [])
        {
            foreach (var (stage, list) in lists.Index()) text.Line($"noise.samples.{name}[{IdentityText.Of(stage)}]", list);
        }

        // A list of another length than the problem has stages is refused, but not before the problem is made.
        IEnumerable<decimal> Each(StageValues values) => values.IsScalar ? Enumerable.Repeat(values[0], stages) : values.Numbers;
    }

    /// <summary>The 15 digits that such a number keeps through every form that it is written and read in.</summary>
    private static string Of(double number) => IdentityText.Of((decimal)number);
}
