using System.Text.Json;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Backward;

/// <summary>
/// A fused backward that takes another time than both halves, as where a runtime computes something again for each half: PyTorch recomputes a checkpointed
/// stage once for a fused backward and again and again for an input and a weight gradient. Whether all backwards are split or all are fused is said, or tried.
/// </summary>
/// <remarks>
/// A fused backward waits, is waited for and frees memory as a whole: of its two times a problem of fused backwards has the sum alone. So problems have
/// the time of the fused backward in the place of the input gradient's, and no weight gradient, and nothing that works on problems has to know of it; in a
/// problem of split backwards the time is left out, and a fused backward of a family stands for both halves one after the other.
/// </remarks>
public sealed class BackwardFeature : IOpenFeature, IBackwardFeature, IDemandingFeature
{
    private const string Choose = "backward.choose", Time = "times.backward";

    /// <summary>The sections that say something of halves, or of stages that are not there yet: nobody has shown the time with them.</summary>
    internal static IReadOnlyList<string> GoesNotWith { get; } = ["layers", "overlap", "slices", "vocabulary"];

    /// <inheritdoc/>
    public string Name => "backward";

    /// <inheritdoc/>
    public string Member => "profile.backward";

    /// <inheritdoc/>
    public string OpenMember => Choose;

    /// <inheritdoc/>
    public string ClosedWords => "one of split, fused";

    /// <inheritdoc/>
    public IProfileSection Section { get; } = new BackwardSection();

    /// <inheritdoc/>
    public bool IsUsedBy(Problem problem) => false;

    /// <inheritdoc/>
    public bool IsLeftOpen(Profile profile) => profile.Backward?.Choose == BackwardChoice.Search;

    /// <summary>
    /// Open where splitting a backward costs more than it takes whole on some stage. A family of whole backwards that is asked for by name has them fused.
    /// </summary>
    public Profile Opened(Profile profile, SolveOptions options)
    {
        var times = profile.Times;
        if (!options.SplitBackward || profile.Backward is not null || Unshown(profile).Count > 0 || times.Backward is not { } whole) return profile;
        if (options.Family is { } family)
            return FamilyCatalogue.Find(family) is { SplitsBackward: false } ? profile with { Backward = new() { Choose = BackwardChoice.Fused } } : profile;
        return Enumerable.Range(0, StagesIn(times)).Any(stage => whole[stage] < times.BackwardInput[stage] + times.BackwardWeight[stage])
            ? profile with { Backward = new() { Choose = BackwardChoice.Search } }
            : profile;
    }

    /// <inheritdoc/>
    public OpenWays WaysOf(Profile profile, AskedWays asked) => new(
        [.. new[] { BackwardChoice.Split, BackwardChoice.Fused }.Where(choice => asked.SplitBackward || choice == BackwardChoice.Fused)
            .Select(choice => new ClosedWay(
                Choose, JsonSerializer.SerializeToElement(BackwardSection.NameOf(choice)), profile with { Backward = new() { Choose = choice } }))]);

    /// <summary>What is wrong, or open, is left as it stands.</summary>
    public (Profile Profile, bool SplitBackward) Decided(Profile profile, bool splitBackward)
    {
        if (IsLeftOpen(profile) || Wrong(profile, splitBackward).Any()) return (profile, splitBackward);
        var (splits, times) = (splitBackward && profile.Backward?.Choose != BackwardChoice.Fused, profile.Times);
        if (times.Backward is { } whole)
        {
            times = splits
                ? times with { Backward = null }
                : times with { BackwardInput = whole, BackwardWeight = 0, Backward = null };
        }

        return (profile with { Times = times, Backward = null }, splits);
    }

    /// <inheritdoc/>
    public IEnumerable<ProfileError> Faults(Problem problem) => Wrong(problem.Profile, problem.SplitBackward);

    private static IEnumerable<ProfileError> Wrong(Profile profile, bool splitBackward)
    {
        if (profile.Backward?.Choose == BackwardChoice.Split && !splitBackward)
        {
            yield return new(
                $"$.profile.{Choose}", "Is split, and the options or their runtime have backwards whole (splitBackward: false): leave one of them out.");
        }

        foreach (var section in profile.Times.Backward is null ? [] : Unshown(profile))
            yield return new($"$.profile.{Time}", $"Has not been shown with {section}: leave one of them out.");
    }

    private static List<string> Unshown(Profile profile) =>
        [.. FeatureCatalogue.Default.Sections.Where(section => GoesNotWith.Contains(section.Name) && section.IsIn(profile)).Select(section => section.Name)];

    /// <summary>As many stages as some member tells apart.</summary>
    private static int StagesIn(OperationTimes times) =>
        new[] { times.Backward!, times.BackwardInput, times.BackwardWeight }.Min(values => values.IsScalar ? int.MaxValue : values.Numbers.Length) is var least
        && least < int.MaxValue ? least : 1;
}
