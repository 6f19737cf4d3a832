using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Devices;

/// <summary>
/// Unequal devices. Where the stages stand, their speeds and memory are times and limits like any other: no problem has devices of its own, so nothing that
/// works on problems has to know of them.
/// </summary>
public sealed class DevicesFeature : ICanonicalFeature
{
    /// <summary>The name of the feature.</summary>
    public const string Id = "devices";

    private const string LimitPath = "$.profile.memory.limit[";

    /// <inheritdoc/>
    public string Name => Id;

    /// <inheritdoc/>
    public string Member => "profile.devices";

    /// <inheritdoc/>
    public IProfileSection Section { get; } = new DevicesSection();

    /// <inheritdoc/>
    public bool IsUsedBy(Problem problem) => false;

    /// <summary>As stages that take the times of their devices; layers have to be dealt out before.</summary>
    public Profile Canonical(Profile profile) =>
        profile.Devices is null || FeatureCatalogue.Default.StatesStages(profile) ? profile : PacedStages.Of(profile);

    /// <inheritdoc/>
    public Profile Unplaced(Profile profile) => profile with { Devices = null };

    /// <summary>A limit that is too small stands where the device's memory does.</summary>
    public ProfileError AsGiven(Profile given, ProfileError fault) =>
        given.Devices?.Memory is not null && fault.Path.StartsWith(LimitPath, StringComparison.Ordinal)
            ? fault with { Path = $"$.{Member}[{fault.Path[LimitPath.Length..]}.memory" }
            : fault;
}
