using ScheduleSearch.Core.Features.Frozen;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Overlap;

/// <summary>What the members of <c>overlap</c> come to: the times of the pairs that a valid profile can have, in its own unit.</summary>
internal sealed class PairTimes
{
    private readonly OperationTimes _times;
    private readonly OverlapTimes _overlap;
    private readonly int[][] _partners;

    public PairTimes(Profile profile, OverlapTimes overlap)
    {
        (_times, _overlap) = (profile.Times, overlap);
        var (placement, frozen) = (Problem.PlacementOf(profile), FrozenStages.CountIn(profile, profile.Times));
        _partners =
        [
            .. Enumerable.Range(0, placement.Stages).Select(forward => Enumerable.Range(0, placement.Pipes)
                .Select(pipe => placement.DeviceOf(pipe, forward)).Distinct()
                .SelectMany(device => placement.StagesOn(device))
                .Select(place => place.Stage).Where(backward => backward >= frozen)
                .Distinct().Order().ToArray()),
        ];
    }

    /// <summary>The pairs of stages that share a device and of which the second has a backward.</summary>
    public IEnumerable<(int Forward, int Backward)> Pairs => _partners.SelectMany((backwards, forward) => backwards.Select(backward => (forward, backward)));

    /// <summary>The stages with a backward that a forward can be carried out together with.</summary>
    public IReadOnlyList<int> PartnersOf(int forward) => _partners[forward];

    /// <summary>The time of a whole backward.</summary>
    public decimal BackwardOf(int stage) => _times.BackwardInput[stage] + _times.BackwardWeight[stage];

    /// <summary>Whether both of a pair take time: else there is nothing to save, whatever the profile states.</summary>
    public bool MaySave(int forward, int backward) => _times.Forward[forward] > 0 && BackwardOf(backward) > 0;

    /// <summary>The time of a pair.</summary>
    public decimal Of(int forward, int backward)
    {
        var (first, second) = (_times.Forward[forward], BackwardOf(backward));
        return !MaySave(forward, backward) ? first + second
            : _overlap.Gain is { } gain ? first + second - gain[forward, backward] * Math.Min(first, second)
            : Math.Min(_overlap.Duration![forward, backward], first + second);
    }

    /// <summary>Adds them to the text of the id: by the stages of the forwards alone where that says all.</summary>
    public void Identify(IdentityText text, string member)
    {
        var longest = _partners.Select((backwards, forward) =>
            backwards.Select(backward => Of(forward, backward)).Append(_times.Forward[forward]).Max()).ToArray();
        var byForward = Pairs.All(pair =>
            Of(pair.Forward, pair.Backward) == Math.Min(longest[pair.Forward], _times.Forward[pair.Forward] + BackwardOf(pair.Backward)));
        if (byForward) text.Line(member, longest);
        else text.Line($"{member}.pairs", Pairs.Select(pair => Of(pair.Forward, pair.Backward)));
    }
}
