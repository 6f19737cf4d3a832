using ScheduleSearch.Tests.Architecture;

namespace ScheduleSearch.Core.Tests.Architecture;

/// <summary>
/// The layers of Core. A problem holds its features and a feature asks the problem, and the members of sections are read, written and asked of both: those folders
/// are one layer, on which the rest of Core stands, and the rooms of the features above all.
/// </summary>
public sealed class FolderTests() : FolderRules("ScheduleSearch.Core", new Dictionary<string, string>
{
    ["Features"] = "Profiles",
    ["Profiles.Members"] = "Profiles",
    ["Profiles.Json"] = "Profiles",
})
{
    protected override IReadOnlyList<(string From, string To)> Known =>
    [
        ("Profiles", "Placements"), ("Operations", "Profiles"), ("Schedules", "Operations"), ("Families.BuildingBlocks", "Families"),
        ("Instructions.Formats", "Instructions"), ("Features.Recompute", "Families"), ("Features.Overlap", "Schedules"),
    ];
}
