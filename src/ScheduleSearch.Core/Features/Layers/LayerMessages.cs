using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Layers;

/// <summary>
/// Times of the messages between stages, by where they are cut: a stage sends what its last layer hands on, and gets the gradient of that back.
/// </summary>
internal sealed class LayerMessages(Profile profile, LayerCosts costs, Placement placement)
{
    private readonly Communication _communication = profile.Times.Communication;

    /// <summary>The times of all messages that some split has.</summary>
    public IReadOnlyList<decimal> Times { get; } = costs.Output is { } output
        ? TimesOf(profile.Times.Communication, placement, output.Distinct())
        : [.. profile.Times.Communication.TimesOn(placement).Select(link => link.Time)];

    /// <summary>No less than all messages of one microbatch take.</summary>
    public decimal Most => costs.Output is null ? Times.Sum() : 2 * placement.Stages * Times.DefaultIfEmpty(0).Max();

    /// <summary>Whether some splits have other messages than others.</summary>
    public bool Differ => costs.Output is { } output && output.Skip(1).SkipLast(1).Distinct().Skip(1).Any();

    /// <summary>The time of a stage's message from the one before it.</summary>
    /// <param name="stage">The stage, from 1 on.</param>
    /// <param name="begin">Its first layer.</param>
    public decimal Up(int stage, int begin) => Between(stage, begin, stage - 1, stage);

    /// <summary>The time of a stage's gradient to the one before it.</summary>
    /// <param name="stage">The stage, from 1 on.</param>
    /// <param name="begin">Its first layer.</param>
    public decimal Down(int stage, int begin) => Between(stage, begin, stage, stage - 1);

    /// <summary>The times that messages of some sizes take on the links of a placement, each once.</summary>
    public static IReadOnlyList<decimal> TimesOf(Communication communication, Placement placement, IEnumerable<decimal> sizes)
    {
        var links = Communication.LinksOn(placement)
            .DistinctBy(link => (communication.Latency[link.From, link.To], communication.Bandwidth?[link.From, link.To])).ToList();
        return [.. sizes.SelectMany(size => links.Select(link => communication.TimeOfSize(size, link.From, link.To))).Distinct()];
    }

    private decimal Between(int stage, int begin, int from, int to)
    {
        var (sender, receiver) = (placement.DeviceOf(0, from), placement.DeviceOf(0, to));
        return costs.Output is { } output
            ? _communication.TimeOfSize(output[begin], sender, receiver)
            : _communication.TimeOf(stage - 1, sender, receiver);
    }
}
