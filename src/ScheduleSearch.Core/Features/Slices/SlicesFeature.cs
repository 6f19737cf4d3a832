using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Slices;

/// <summary>Microbatches are cut along their sequence. Slices are a dimension of every operation; what the feature adds is their shares.</summary>
public sealed class SlicesFeature : IRuledFeature, IOrderedFeature, ICarriedFeature, ICostedFeature, ISlicingFeature
{
    /// <summary>The name of the feature.</summary>
    public const string Id = "slices";

    /// <inheritdoc/>
    public string Name => Id;

    /// <inheritdoc/>
    public string Member => "profile.slices";

    /// <inheritdoc/>
    public IProfileSection Section { get; } = new SlicesSection();

    /// <inheritdoc/>
    public bool IsUsedBy(Problem problem) => problem.SliceCount > 1;

    /// <inheritdoc/>
    (SliceShares Shares, StageValues KeyValue)? ISlicingFeature.CutOf(Profile profile) =>
        profile.Slices is { } slices ? (SequenceShares.Of(slices), slices.KeyValue ?? 0) : null;

    /// <inheritdoc/>
    public long HeldBesideActivation(Problem problem, int stage) => problem.SliceCount * problem.KeyValue[stage];

    /// <inheritdoc/>
    public string WhyNotOrdered => "Runs whole microbatches: leave profile.slices out, or use the family seq1f1b on the placement linear.";

    /// <inheritdoc/>
    public FormatRefusal WhyNotCarried(string part) =>
        new($"$.{Member}", $"{part} names a microbatch and no slice of its sequence.", "Leave profile.slices out, or use the format native.");

    /// <inheritdoc/>
    public ScheduleRules? RulesOf(Problem problem) => problem.Profile.Slices is null ? null : new SlicesRules(problem);
}
