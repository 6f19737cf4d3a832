using ScheduleSearch.Tests.Architecture;

namespace ScheduleSearch.Api.Tests.Architecture;

/// <summary>The layers of the service: endpoints answer with documents, and jobs know the storage.</summary>
public sealed class FolderTests() : FolderRules("ScheduleSearch.Api")
{
    protected override IReadOnlyList<(string From, string To)> Known => [("Schedules", "Schedules.Documents"), ("Jobs", "Storage")];
}
