using System.Collections.Immutable;

namespace ScheduleSearch.Core.Profiles;

public sealed partial class Problem
{
    private GrowthCosts? _growthCosts;

    /// <summary>
    /// Memory units by which what is retained for the weight gradient exceeds the activation, by stage: taken when the input gradient starts. 0 where the
    /// activation covers it.
    /// </summary>
    public ImmutableArray<long> Growth => Growths.OfStage;

    private GrowthCosts Growths => _growthCosts ??= new GrowthCosts(this);

    /// <summary>The growth of a slice of a microbatch.</summary>
    public long GrowthOf(int stage, int slice) => Growths.OfSlice[stage][slice];

    /// <summary>Memory units that any microbatch holds at most, by stage: for orders that are planned as if a forward took all of it.</summary>
    public ImmutableArray<long> MostHeld => Growths.MostHeld;

    /// <summary>
    /// Memory units that wait for the weight gradient once the input gradient has ended, by stage: the retained part of the activation, and the growth.
    /// </summary>
    public ImmutableArray<long> HeldForWeight => Growths.HeldForWeight;

    /// <summary>Memory units of growth, by stage and by slice.</summary>
    private sealed class GrowthCosts
    {
        public GrowthCosts(Problem problem)
        {
            var retained = problem.UnitsOf(problem.Profile.Memory?.Retained ?? 0);
            OfStage = [.. retained.Zip(problem.Activation, (held, taken) => Math.Max(0, held - taken))
                .Select((growth, stage) => problem.HasBackward(stage) ? growth : 0)];
            MostHeld = [.. problem.Activation.Zip(OfStage, (taken, growth) => problem.MostUnits(taken + growth))];
            HeldForWeight = [.. problem.Retained.Zip(OfStage, (held, growth) => problem.MostUnits(held + growth))];
            OfSlice = [.. OfStage.Select(growth => SliceShares.Cut(growth, problem.Shares.Activation))];
        }

        /// <summary>The growth of a microbatch.</summary>
        public ImmutableArray<long> OfStage { get; }

        /// <summary>The activation with the growth.</summary>
        public ImmutableArray<long> MostHeld { get; }

        /// <summary>What the weight gradient frees.</summary>
        public ImmutableArray<long> HeldForWeight { get; }

        /// <summary>The growth of each slice: whole numbers that add up to that of the microbatch.</summary>
        public ImmutableArray<long>[] OfSlice { get; }
    }
}
