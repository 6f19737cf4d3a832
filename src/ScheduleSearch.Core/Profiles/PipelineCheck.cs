using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Profiles;

/// <summary>Finds what is wrong in the shape of a pipeline, and whether it is too large.</summary>
internal sealed class PipelineCheck(Profile profile, ProblemLimits limits, FeatureCatalogue features, List<ProfileError> errors)
{
    private readonly PipelineShape _pipeline = profile.Pipeline;
    private readonly SectionCheck _check = new(profile, CoreSections.Pipeline.Name, errors, errors.Count);

    private static string PlacementNames => string.Join(", ", PlacementsByName);

    private static IEnumerable<string> PlacementsByName => PlacementCatalogue.All.Select(definition => definition.Name);

    public void Run()
    {
        _check.Count("devices", _pipeline.Devices, limits.MaxDevices);
        _check.Count("chunks", _pipeline.Chunks, limits.MaxStages);
        _check.Count("microbatches", _pipeline.Microbatches, limits.MaxMicrobatches);
        if (FindPlacement() is not { } definition) return;
        if (_pipeline.StageDevices is not null && definition is not ExplicitPlacement)
            _check.Malformed("stageDevices", "Goes with the placement explicit only: remove it, or set placement to explicit.");
        if (_pipeline.Split is not null && !features.StatesStages(profile))
            _check.Malformed("split", "Goes with profile.layers, which it deals out to the stages: give them, or remove it.");
        if (_check.IsClean) CheckSize();
        if (!_check.IsClean) return;
        foreach (var (member, message) in definition.Check(_pipeline)) _check.Malformed(member, message);
    }

    private IPlacementDefinition? FindPlacement()
    {
        var name = _pipeline.Placement ?? (_pipeline.Chunks == 1 ? "linear" : null);
        if (name is null)
        {
            _check.Malformed("placement", $"Is required when chunks is not 1: one of {PlacementNames}.");
            return null;
        }

        var definition = PlacementCatalogue.Find(name);
        if (definition is null)
        {
            _check.Malformed("placement", name == PlacementChoice.Name
                ? $"Has the placements tried, which only solve does: use one of {PlacementNames}."
                : $"Is not a placement: use one of {PlacementNames}, or in solve {PlacementChoice.Name}, which tries them."
                    + Spelling.DidYouMean(name, PlacementsByName.Append(PlacementChoice.Name)));
        }

        return definition;
    }

    private void CheckSize()
    {
        if (_pipeline.Stages > limits.MaxStages)
        {
            var (member, product) = _pipeline.Stages == _pipeline.Regular ? ("chunks", "devices x chunks = ") : ("stageDevices", "Has ");
            _check.Impossible(member, $"{product}{_pipeline.Stages} stages; this server takes at most {limits.MaxStages}.");
        }

        // Several large counts exceed what a long holds.
        var (operations, factors) = (3m * _pipeline.Stages * _pipeline.Microbatches, "3 x stages x microbatches");
        if (operations > limits.MaxOperations) _check.Impossible("microbatches", TooMany(operations, factors));
        foreach (var section in features.Sections)
        {
            if (section.PartsOfMicrobatch(profile) is not (> 1 and var parts)) continue;
            var isWithin = operations <= limits.MaxOperations;
            operations *= parts;
            factors += $" x {section.Name}";
            // What brings them beyond the limit is named.
            if (isWithin && operations > limits.MaxOperations)
                new SectionCheck(profile, section.Name, errors, errors.Count).Impossible(section.MemberOfParts!, TooMany(operations, factors));
        }
    }

    private string TooMany(decimal operations, string factors) => $"{factors} = {operations} operations; this server takes at most {limits.MaxOperations}.";
}
