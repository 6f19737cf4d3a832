using ScheduleSearch.Core.Placements;

namespace ScheduleSearch.Core.Profiles;

/// <summary>
/// How long a message between two devices is on its way, <c>latency + bytes / bandwidth</c>, and whether others have to wait for it. One number, or a
/// matrix, alone is the latency.
/// </summary>
public sealed record Communication
{
    /// <summary>Digits after the point to which bytes over bandwidth are rounded, in the unit of the times.</summary>
    private const int Digits = 9;

    /// <summary>Time of a message of no size: one number, or a devices x devices matrix. Default 0.</summary>
    /// <example>0.1</example>
    public LinkValues Latency { get; init; } = 0;

    /// <summary>What <c>bytes</c> are divided by: size per unit of time, above 0. One number, or a devices x devices matrix.</summary>
    /// <example>50</example>
    public LinkValues? Bandwidth { get; init; }

    /// <summary>Size of a stage's output, which is that of its gradient too, in the unit that the bandwidth counts in. One number, or S numbers.</summary>
    /// <example>16</example>
    public StageValues? Bytes { get; init; }

    /// <summary>
    /// Whether messages travel one at a time: true for each link and direction, "device" for all that a device sends. Then a message holds its link for
    /// as long as it is on its way. Default false.
    /// </summary>
    public Exclusivity Exclusive { get; init; }

    /// <summary>The same latency for all pairs of devices, or one for each.</summary>
    public static implicit operator Communication(LinkValues latency) => new() { Latency = latency };

    /// <summary>The same latency for all pairs of devices.</summary>
    public static implicit operator Communication(decimal latency) => new() { Latency = latency };

    /// <summary>Whether there is nothing but latency.</summary>
    internal bool IsLatency => Bandwidth is null && Bytes is null && Exclusive == Exclusivity.None;

    /// <summary>The time of a message of a stage's output, or of the gradient of it; 0 on one and the same device.</summary>
    internal decimal TimeOf(int stage, int from, int to) => TimeOfSize(Bytes?[stage], from, to);

    /// <summary>The time of a message of some size; of one of no size where that or the bandwidth is not given.</summary>
    internal decimal TimeOfSize(decimal? size, int from, int to) =>
        from == to ? 0
        : size is { } bytes && Bandwidth is { } bandwidth ? Latency[from, to] + decimal.Round(bytes / bandwidth[from, to], Digits)
        : Latency[from, to];

    /// <summary>The times of all messages that a placement has.</summary>
    internal IEnumerable<(int Stage, decimal Time)> TimesOn(Placement placement) =>
        LinksOn(placement).Select(link => (link.Stage, TimeOf(link.Stage, link.From, link.To)));

    /// <summary>The links of all messages that a placement has, each with the stage that hands on what the message, or the gradient, is of.</summary>
    internal static IEnumerable<(int Stage, int From, int To)> LinksOn(Placement placement) =>
        from route in placement.Routes
        from place in Enumerable.Range(0, route.Stages.Length - 1)
        let below = (Stage: route.Stages[place], Device: route.Devices[place])
        let above = route.Devices[place + 1]
        from link in new[] { (below.Stage, From: below.Device, To: above), (below.Stage, From: above, To: below.Device) }
        select link;
}
