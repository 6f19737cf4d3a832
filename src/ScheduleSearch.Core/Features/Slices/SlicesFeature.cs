using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Slices;

/// <summary>Microbatches are cut along their sequence. Slices are a dimension of every operation; what the feature adds is their shares.</summary>
public sealed class SlicesFeature : IFeature
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
    public long HeldBesideActivation(Problem problem, int stage) => problem.SliceCount * problem.KeyValue[stage];

    /// <inheritdoc/>
    public IScheduleRules RulesOf(Problem problem) => new SlicesRules(problem);
}
