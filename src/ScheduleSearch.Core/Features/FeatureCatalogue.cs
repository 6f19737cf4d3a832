using System.Collections.Immutable;
using ScheduleSearch.Core.Features.Backward;
using ScheduleSearch.Core.Features.Devices;
using ScheduleSearch.Core.Features.Fill;
using ScheduleSearch.Core.Features.Frozen;
using ScheduleSearch.Core.Features.Growth;
using ScheduleSearch.Core.Features.Layers;
using ScheduleSearch.Core.Features.Links;
using ScheduleSearch.Core.Features.Microbatches;
using ScheduleSearch.Core.Features.Optimizer;
using ScheduleSearch.Core.Features.Overlap;
using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Features.Robust;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Features.TwoPipes;
using ScheduleSearch.Core.Features.Vocabulary;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features;

/// <summary>Every feature there is: a new one is a new folder and a line here.</summary>
public sealed class FeatureCatalogue
{
    private FeatureCatalogue(ImmutableArray<IFeature> all)
    {
        All = all;
        Sections = [.. all.SelectMany(feature => feature.Sections)];
        SectionsInJson = [.. Sections.OrderBy(section => section.Order.InJson)];
        SectionsInId = [.. Sections.OrderBy(section => section.Order.InId)];
    }

    /// <summary>The features of the service.</summary>
    public static FeatureCatalogue Default { get; } = new(
    [
        new TwoPipesFeature(),
        new SlicesFeature(),
        new RecomputeFeature(),
        new OverlapFeature(),
        new GrowthFeature(),
        new FrozenFeature(),
        new LinksFeature(),
        new VocabularyFeature(),
        new OptimizerFeature(),
        new MicrobatchesFeature(),
        new FillFeature(),
        new DealtFillFeature(),
        new LayersFeature(),
        new DevicesFeature(),
        new BackwardFeature(),
        new RobustFeature(),
    ]);

    /// <summary>What is covered by whatever makes schedules that leave out what the features of the service only permit.</summary>
    public static FeatureSet Permitted { get; } = [.. Default.All.OfType<IPermittingFeature>().Select(feature => feature.Name)];

    /// <summary>The features, in the order in which they are asked and refused.</summary>
    public ImmutableArray<IFeature> All { get; }

    /// <summary>The sections that features have in a profile, in the order of the features.</summary>
    public ImmutableArray<IProfileSection> Sections { get; }

    /// <summary>The sections in the order of JSON.</summary>
    public ImmutableArray<IProfileSection> SectionsInJson { get; }

    /// <summary>The sections in the order of the id's text.</summary>
    public ImmutableArray<IProfileSection> SectionsInId { get; }

    /// <summary>Whether a profile has a section that states what the stages take, in the place of its times and memory.</summary>
    internal bool StatesStages(Profile profile) => Sections.Any(section => section.StatesStages && section.IsIn(profile));

    /// <summary>Refuses a profile that has a section of none of the features: whatever works by the catalogue would lose it.</summary>
    /// <exception cref="ArgumentException">It has.</exception>
    internal void RefuseUnknown(Profile profile)
    {
        if (profile.Sections.Types.FirstOrDefault(type => !Sections.Any(section => section.Type == type)) is { } unknown)
            throw new ArgumentException($"No feature has the section {unknown.Name}.", nameof(profile));
    }

    /// <summary>A profile in which nothing is wrong in the one form that all have which ask for the same.</summary>
    internal Profile Canonical(Profile profile) => All.OfType<ICanonicalFeature>().Aggregate(profile, (form, feature) => feature.Canonical(form));

    /// <summary>A profile that a search is asked of, with what it leaves to the service without saying so left open.</summary>
    public Profile Opened(Profile profile, SolveOptions options) =>
        All.OfType<IOpenFeature>().Aggregate(profile, (opened, feature) => feature.Opened(opened, options));

    /// <summary>A profile in which nothing is wrong, as problems have its backwards, and whether they may be split.</summary>
    internal (Profile Profile, bool SplitBackward) Decided(Profile profile, bool splitBackward) => All.OfType<IBackwardFeature>()
        .Aggregate((profile, splitBackward), (decided, feature) => feature.Decided(decided.profile, decided.splitBackward));

    /// <summary>A profile without what says nothing of stages before they have their places.</summary>
    internal Profile Unplaced(Profile profile) => All.OfType<ICanonicalFeature>().Aggregate(profile, (form, feature) => feature.Unplaced(form));

    /// <summary>What is wrong in the one form of a profile, as the profile that was given states it.</summary>
    internal ProfileError AsGiven(Profile given, ProfileError error) =>
        All.OfType<ICanonicalFeature>().Aggregate(error, (stated, feature) => feature.AsGiven(given, stated));

    /// <summary>The same with one more.</summary>
    public FeatureCatalogue With(IFeature feature) => new(All.Add(feature));
}
