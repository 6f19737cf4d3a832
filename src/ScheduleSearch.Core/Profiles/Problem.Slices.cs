using System.Collections.Immutable;

namespace ScheduleSearch.Core.Profiles;

public sealed partial class Problem
{
    private SliceCosts? _sliceCosts;

    /// <summary>n: the slices that each microbatch is cut in along its sequence; 1 when it is not.</summary>
    public int SliceCount => Shares.Forward.Length;

    /// <summary>Memory units of a slice's keys and values, by stage: taken by its forward, freed with the input gradient of the first slice.</summary>
    public ImmutableArray<long> KeyValue => SliceCosts.KeyValue;

    internal SliceShares Shares => SliceCosts.Shares;

    private SliceCosts SliceCosts => _sliceCosts ??= new SliceCosts(this);

    /// <summary>Ticks of the forward of a slice.</summary>
    public long ForwardOf(int stage, int slice) => SliceCosts.Forward[stage][slice];

    /// <summary>Ticks of the input gradient of a slice.</summary>
    public long BackwardInputOf(int stage, int slice) => SliceCosts.BackwardInput[stage][slice];

    /// <summary>Ticks of the weight gradient of a slice.</summary>
    public long BackwardWeightOf(int stage, int slice) => SliceCosts.BackwardWeight[stage][slice];

    /// <summary>Memory units of the activation of a slice, without its keys and values.</summary>
    public long ActivationOf(int stage, int slice) => SliceCosts.Activation[stage][slice];

    /// <summary>The part of a slice's activation that lives until its weight gradient ends.</summary>
    public long RetainedOf(int stage, int slice) => SliceCosts.Retained[stage][slice];
}
