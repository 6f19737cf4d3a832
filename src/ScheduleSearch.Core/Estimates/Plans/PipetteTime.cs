using ScheduleSearch.Core.Estimates.Costs;

namespace ScheduleSearch.Core.Estimates.Plans;

/// <summary>
/// The time of an iteration by Pipette's formula (Yim et al., DATE 2024): m C + (p - 1) C / v + max(1, m / p) M + S, with the work C of the busiest rank on a
/// microbatch, the messages M of one microbatch there and back on the slowest path, and the sums S of the gradients of the rank where they take longest. With
/// one chunk it is the published (m / p) (p C + M) + (p - 1) C + S for m of at least p and p C + M + (m - 1) C + S for fewer. There m / p is rounded down,
/// which leaves microbatches out where p does not divide m; here it is not. And there S is that of the first rank, which ends last under 1F1B; searched
/// schedules end on all ranks at about the same time, so that any of them may hold up the iteration. It knows nothing of uneven ranks and of messages that hide
/// behind work: it ranks plans, and simulated schedules decide.
/// </summary>
internal static class PipetteTime
{
    /// <summary>Milliseconds of an iteration with how they come about.</summary>
    /// <param name="work">C in ms.</param>
    /// <param name="messages">M in ms.</param>
    /// <param name="sums">S in ms.</param>
    /// <param name="ranks">p.</param>
    /// <param name="chunks">v.</param>
    /// <param name="microbatches">m.</param>
    public static Quantity Of(double work, double messages, double sums, int ranks, int chunks, int microbatches)
    {
        var rounds = Rounds(ranks, microbatches);
        var time = microbatches * work + (ranks - 1) * work / chunks + rounds * messages + sums;
        return new(
            time,
            $"{microbatches}·{Quantity.Plain(work)} work + {ranks - 1}·{Quantity.Plain(work)}{(chunks == 1 ? "" : $"/{chunks}")} bubble "
            + $"+ {Quantity.Plain(rounds)}·{Quantity.Plain(messages)} messages + {Quantity.Plain(sums)} sums of gradients = {Quantity.Plain(time)} ms");
    }

    /// <summary>How many microbatches' messages nothing hides.</summary>
    public static double Rounds(int ranks, int microbatches) => Math.Max(1, (double)microbatches / ranks);
}
